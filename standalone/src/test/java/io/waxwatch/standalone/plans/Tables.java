package io.waxwatch.standalone.plans;

import java.util.Set;

/** Which tables grow, with collectors, with what is for sale or with time, and which stay small whatever happens. */
final class Tables {

    static final Set<String> THAT_GROW = Set.of(
            "account_deletions",
            "browser_sessions",
            "discogs_authorizations",
            "events",
            "external_account_links",
            "first_looks",
            "idempotency_keys",
            "import_jobs",
            "listings",
            "notification_deliveries",
            "notifications",
            "outbound_clicks",
            "poll_releases",
            "poll_rules",
            "poll_schedule",
            "polls",
            "price_snapshots",
            "provider_requests",
            "release_floor_alerts",
            "release_floor_changes",
            "release_floors",
            "suppressed_addresses",
            "token_cutoffs",
            "user_notification_preferences",
            "user_streams",
            "users",
            "watch_changes",
            "watch_matches",
            "watch_releases",
            "watch_search_rules");

    static final Set<String> THAT_STAY_SMALL = Set.of(
            // Empty but for moments.
            "announced_watches",
            "flyway_schema_history",
            // 10,000 rows at most.
            "quarantined_rows",
            // One row a sweep.
            "sweep_progress",
            // One row.
            "watch_revision");

    private Tables() {}
}
