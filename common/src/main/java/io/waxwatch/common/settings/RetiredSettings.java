package io.waxwatch.common.settings;

import java.util.List;

/** The variables of earlier deployments that nothing reads any more. */
final class RetiredSettings {

    static final List<RetiredSetting> ALL = List.of(
            new RetiredSetting(
                    "DB_POOL_SIZE",
                    List.of("DATABASE_POOL_MAX_SIZE"),
                    "the pool has one bound, not a size and an overflow."),
            new RetiredSetting(
                    "DB_MAX_OVERFLOW",
                    List.of("DATABASE_POOL_MAX_SIZE", "DATABASE_POOL_MAX_WAITERS"),
                    "a pool that is full lets callers wait in a bounded queue instead of opening more connections."),
            new RetiredSetting(
                    "CELERY_BROKER_URL",
                    List.of("REDIS_URL"),
                    "work is handed out by leased rows and the event bus; Redis only holds what may be lost."),
            new RetiredSetting("CELERY_RESULT_BACKEND", List.of(), "the outcome of work is a row in PostgreSQL."),
            new RetiredSetting(
                    "CELERY_TASK_ALWAYS_EAGER",
                    List.of(),
                    "one process that does everything is the standalone module."),
            new RetiredSetting(
                    "CELERY_TASK_EAGER_PROPAGATES",
                    List.of(),
                    "one process that does everything is the standalone module."),
            new RetiredSetting(
                    "CELERY_TASK_RETRY_BACKOFF_SECONDS",
                    List.of("NOTIFICATION_RETRY_BACKOFF_SECONDS"),
                    "only deliveries were retried by it."),
            new RetiredSetting(
                    "CELERY_TASK_MAX_RETRIES",
                    List.of("NOTIFICATION_MAX_RETRIES"),
                    "only deliveries were retried by it."),
            new RetiredSetting(
                    "CELERY_WORKER_PREFETCH_MULTIPLIER",
                    List.of("SCHEDULER_MAX_UNACKNOWLEDGED"),
                    "the scheduler bounds how many polls are out at once."),
            new RetiredSetting(
                    "CELERY_WORKER_MAX_TASKS_PER_CHILD", List.of(), "there are no worker processes to recycle."),
            new RetiredSetting(
                    "SCHEDULER_RULE_LIMIT",
                    List.of(),
                    "rules share polls, which read whole pages; a run by hand names its own limit."),
            new RetiredSetting(
                    "SEARCH_EBAY_PER_HOUR",
                    List.of("EBAY_CALLS_PER_DAY"),
                    "searches have a share of one budget, and what the polls leave of it."),
            new RetiredSetting(
                    "SEARCH_DISCOGS_PER_MINUTE",
                    List.of("DISCOGS_CALLS_PER_MINUTE"),
                    "searches have a share of one budget, and what the polls leave of it."),
            new RetiredSetting(
                    "DISCOGS_POLLS_PER_MINUTE",
                    List.of("DISCOGS_CALLS_PER_MINUTE"),
                    "polls have a share of one budget, and what the others leave of it."),
            new RetiredSetting(
                    "PROVIDER_FORCE_MOCK",
                    List.of("EBAY_BASE_URL", "DISCOGS_BASE_URL"),
                    "the real clients are pointed at the marketplace sandbox."));

    private RetiredSettings() {}
}
