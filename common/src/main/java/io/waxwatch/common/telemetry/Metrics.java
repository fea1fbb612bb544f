package io.waxwatch.common.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Every metric of ours, declared once; docs/METRICS.md is compared with {@link Name} by a test. Labels are bounded:
 * route templates, provider names, outcomes and error codes, never ids or texts.
 */
public final class Metrics {

    /** The metrics and their meaning. Names are the contract's where it has one. */
    public enum Name {
        REQUEST_LATENCY("waxwatch_request_latency_seconds", "requests by method, path (route template), status_code"),
        PROVIDER_CALLS("waxwatch_provider_call_results_total", "outbound calls by provider, outcome, status_code"),
        PROVIDER_FAILURES("waxwatch_provider_failures_total", "failed calls by provider, status_code, error_type"),
        PROVIDER_BREAKER("waxwatch_provider_breaker_state", "0 closed, 0.5 half open, 1 open, by provider"),
        QUOTA_CALLS("waxwatch_quota_calls_total", "calls that asked for quota, by provider, lane, outcome"),
        QUOTA_LEFT(
                "waxwatch_quota_left_calls", "calls left of the provider's day; negative without a day, by provider"),
        QUOTA_HELD("waxwatch_quota_held", "1 while the provider wants to be left alone, by provider"),
        SCHEDULER_RULE_OUTCOMES("waxwatch_scheduler_rule_outcomes_total", "polls answered, by outcome"),
        SCHEDULER_RUNS("waxwatch_scheduler_runs_total", "claim rounds, by outcome"),
        SCHEDULER_LAG("waxwatch_scheduler_lag_seconds", "how long polls had been due when claimed"),
        SCHEDULER_RECLAIMED("waxwatch_scheduler_reclaimed_total", "polls whose former owner never closed them"),
        SCHEDULER_UNACKNOWLEDGED("waxwatch_scheduler_unacknowledged_polls", "polls handed out, by provider, lane"),
        MATCHES("waxwatch_matches_total", "new matches, by kind"),
        CLUSTER_MEMBERS("waxwatch_cluster_members", "members of the cluster that this one sees, itself included"),
        IMPORT_JOBS("waxwatch_discogs_import_jobs_total", "imports of Discogs lists that ended, by outcome"),
        TOKEN_KEY_CALLS("waxwatch_token_key_calls_total", "calls of the key service, by operation, outcome"),
        TOKEN_KEY_AVAILABLE("waxwatch_token_key_available", "1 while the key that seals tokens can be used"),
        INDEX_SIZE("waxwatch_watch_index_size", "rules and watch releases in the matching index"),
        INDEX_REVISION("waxwatch_watch_index_revision", "the revision that the matching index has caught up with"),
        NOTIFICATION_BACKLOG("waxwatch_notification_backlog_items", "notifications not yet delivered, by channel"),
        NOTIFICATION_DELIVERIES("waxwatch_notification_deliveries_total", "deliveries, by channel, outcome"),
        NOTIFICATION_LAG("waxwatch_notification_delivery_lag_seconds", "from creation to delivery, by channel"),
        MAIL_REFUSALS("waxwatch_mail_refusals_total", "mails that the mail host did not take, by cause"),
        MAIL_HOST_REFUSING(
                "waxwatch_mail_host_refusing", "1 while the mail host refuses this sender, its name or its login"),
        STREAMS("waxwatch_event_streams", "open event streams"),
        THROTTLE("waxwatch_throttle_decisions_total", "throttle decisions by scope, outcome, store"),
        THROTTLE_DEGRADED("waxwatch_throttle_degraded", "1 while buckets are local because Redis is away"),
        QUARANTINED(
                "waxwatch_quarantined_rows_total",
                "rows put aside because they cannot be stored or worked on, by source"),
        DB_UTILIZATION("waxwatch_db_connection_utilization", "connections in use / pool size, 0..1"),
        SAMPLES("waxwatch_metrics_samples", "samples that this process shows, 20000 at most"),
        SERIES_REFUSED(
                "waxwatch_metrics_series_refused_total",
                "times that a series was not recorded, for there were too many");

        private final String meter;
        private final String help;

        Name(String meter, String help) {
            this.meter = meter;
            this.help = help;
        }

        /** As Prometheus shows it. */
        public String meter() {
            return meter;
        }

        /** One sentence, also shown as HELP. */
        public String help() {
            return help;
        }
    }

    /** The contract's buckets, and further ones up to where the lag targets lie (60 s and 180 s). */
    private static final Duration[] BUCKETS = Arrays.stream(new double[] {
                .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30, 60, 120, 180, 300
            })
            .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
            .toArray(Duration[]::new);

    /** Several times what the busiest process has; a whole page of them has about 2.5 MB. */
    private static final int MAX_SAMPLES = 20_000;

    /** Most combinations of one meter's labels: the latency of every route, with every status it can have, has some 300. */
    private static final int MAX_COMBINATIONS = 500;

    /** Count, sum and maximum. */
    private static final int SUMMARY_SAMPLES = 3;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final SeriesCap cap = new SeriesCap(MAX_COMBINATIONS, MAX_SAMPLES, Metrics::samplesOf);
    private Future<Buffer> scraping;

    /** @param service becomes the label {@code service} of every metric of this process */
    public Metrics(String service) {
        registry.config().commonTags("service", service);
        cap.guard(registry);
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                if (!hasBuckets(id)) {
                    return config;
                }
                return DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(Arrays.stream(BUCKETS)
                                .mapToDouble(Duration::toNanos)
                                .toArray())
                        .build()
                        .merge(config);
            }
        });
        gauge(Name.SAMPLES, cap::samples);
        FunctionCounter.builder(Name.SERIES_REFUSED.meter, cap, SeriesCap::refused)
                .description(Name.SERIES_REFUSED.help)
                .register(registry);
    }

    private static boolean hasBuckets(Meter.Id id) {
        return id.getType() == Meter.Type.TIMER && id.getName().startsWith("waxwatch");
    }

    private static int samplesOf(Meter.Id id) {
        return switch (id.getType()) {
            case TIMER, LONG_TASK_TIMER, DISTRIBUTION_SUMMARY ->
                // One more bucket for all that is longer.
                hasBuckets(id) ? SUMMARY_SAMPLES + BUCKETS.length + 1 : SUMMARY_SAMPLES;
            default -> 1;
        };
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** @param labels alternating names and values */
    public Counter counter(Name name, String... labels) {
        return Counter.builder(name.meter).description(name.help).tags(labels).register(registry);
    }

    /** @param labels alternating names and values */
    public Timer timer(Name name, String... labels) {
        return Timer.builder(name.meter).description(name.help).tags(labels).register(registry);
    }

    /**
     * The last one of a name and labels is the one that is read: what is started again is another one.
     *
     * @param labels alternating names and values
     */
    public synchronized void gauge(Name name, Supplier<Number> value, String... labels) {
        Gauge earlier = registry.find(name.meter).tags(labels).gauge();
        if (earlier != null) {
            registry.remove(earlier);
        }
        Gauge.builder(name.meter, value).description(name.help).tags(labels).register(registry);
    }

    /** Connections that Vert.x counts as lent out of the pool of this name; 0 before the first. */
    public double connectionsInUse(String pool) {
        Gauge inUse = registry.find("vertx.pool.in.use").tag("pool_name", pool).gauge();
        return inUse == null ? 0 : inUse.value();
    }

    /** The Prometheus text exposition; a long work, for {@link #exposition} to do where somebody waits on an event loop. */
    public String scrape() {
        return registry.scrape();
    }

    /**
     * The same, written on a worker thread. Who asks while it is
     * being written gets the same one, so that nobody can have it written twice at once.
     *
     * @return told on the asker's context
     */
    public Future<Buffer> exposition(Vertx vertx) {
        Context asking = vertx.getOrCreateContext();
        Promise<Buffer> told = Promise.promise();
        shared(vertx).onComplete(written -> asking.runOnContext(go -> told.handle(written)));
        return told.future();
    }

    private synchronized Future<Buffer> shared(Vertx vertx) {
        if (scraping == null || scraping.isComplete()) {
            scraping = vertx.executeBlocking(() -> Buffer.buffer(scrape()), false);
        }
        return scraping;
    }
}
