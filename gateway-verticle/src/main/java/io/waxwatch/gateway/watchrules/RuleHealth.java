package io.waxwatch.gateway.watchrules;

import io.waxwatch.gateway.http.JsonWriter;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;

/**
 * How well a rule is served.
 *
 * @param since when it began to be so; null when all is well, or when nobody knows
 * @param reason in words; null when all is well
 */
record RuleHealth(Status status, OffsetDateTime since, String reason) {

    /** From good to bad. */
    enum Status {
        /** Looked at as often as it should be. */
        OK,
        /** Looked at less often than asked for, because there is not quota enough for all. */
        LIMITED,
        /** A look is late, or something that was listed has yet to be caught up with. */
        DELAYED,
        /** The last good look is older than three intervals, or nothing looks at all. */
        BLIND
    }

    /** Above this many intervals without a good look a rule is blind. */
    private static final int BLIND_INTERVALS = 3;

    /** A poll waits for its claim, its turn in the quota and its answer; less than this is no delay worth telling. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private static final RuleHealth WELL = new RuleHealth(Status.OK, null, null);

    private static final String NOBODY =
            "no marketplace is asked for it: Discogs has no call that lists offers by words. Add ebay to its sources, or watch a "
                    + "release";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("timeout", "the marketplace does not answer in time"),
            Map.entry("connection", "the marketplace cannot be reached"),
            Map.entry("server_error", "the marketplace has a fault of its own"),
            Map.entry("rate_limited", "the marketplace has no calls left for us for now"),
            Map.entry("breaker_open", "the marketplace failed too often lately and is left alone for a while"),
            Map.entry("invalid_body", "the marketplace answers something else than it should"),
            Map.entry("body_too_large", "the marketplace answers more than we read"),
            Map.entry("request_ignored", "the marketplace ignored a part of our question"),
            Map.entry("client_error", "the marketplace refused our question"),
            Map.entry("query_error", "the marketplace could not work on our question"),
            Map.entry("unauthorized", "the marketplace refused our credentials"),
            Map.entry("pool_exhausted", "too many calls are under way"));

    /**
     * What the polls that serve a rule tell.
     *
     * @param lastRun null for never
     * @param intervalSeconds that the polls should keep
     * @param stretch by how much it is longer, 1 or more
     * @param failingSince null while they do not fail
     * @param lastError a code of ours, or null
     * @param gapSince since when a sweep has something to catch up with, or null
     * @param missedUntil until when something that was listed could not be read any more, or null
     * @param ruleSince since when the rule is as it is
     */
    record Polls(
            OffsetDateTime lastRun,
            int intervalSeconds,
            double stretch,
            OffsetDateTime failingSince,
            String lastError,
            OffsetDateTime gapSince,
            OffsetDateTime missedUntil,
            OffsetDateTime ruleSince) {

        int effectiveSeconds() {
            return (int) Math.min(Integer.MAX_VALUE, Math.ceil(intervalSeconds * stretch));
        }
    }

    /** @param polls null when none serves it */
    static RuleHealth of(Polls polls, OffsetDateTime now) {
        if (polls == null) {
            return new RuleHealth(Status.BLIND, null, NOBODY);
        }
        Duration effective = Duration.ofSeconds(polls.effectiveSeconds());
        OffsetDateTime good = polls.lastRun() == null ? polls.ruleSince() : polls.lastRun();
        Duration quiet = Duration.between(good, now);
        if (quiet.compareTo(effective.multipliedBy(BLIND_INTERVALS).plus(GRACE)) > 0) {
            return new RuleHealth(Status.BLIND, good, why(polls, "nobody has looked for it since"));
        }
        if (polls.failingSince() != null) {
            return new RuleHealth(Status.DELAYED, polls.failingSince(), why(polls, "the last looks failed"));
        }
        if (quiet.compareTo(effective.plus(GRACE)) > 0) {
            return new RuleHealth(Status.DELAYED, good, "the next look is late: it waits for its turn");
        }
        if (polls.gapSince() != null) {
            return new RuleHealth(
                    Status.DELAYED,
                    polls.gapSince(),
                    "what was listed while the marketplace could not be read is being caught up with");
        }
        if (polls.missedUntil() != null && polls.missedUntil().isAfter(now.minusDays(1))) {
            return new RuleHealth(
                    Status.DELAYED,
                    polls.missedUntil(),
                    "some of what was listed before then could not be read; the newest of it is asked for once more");
        }
        if (polls.stretch() > 1.05) {
            return new RuleHealth(
                    Status.LIMITED,
                    null,
                    "there are not calls enough for all: it is looked at every " + effective.toSeconds()
                            + " s instead of every " + polls.intervalSeconds() + " s");
        }
        return WELL;
    }

    private static String why(Polls polls, String otherwise) {
        return polls.lastError() == null ? otherwise : REASONS.getOrDefault(polls.lastError(), otherwise);
    }

    static void write(JsonWriter json, RuleHealth health) {
        json.startObject("health");
        json.text("status", health.status.name().toLowerCase(java.util.Locale.ROOT));
        json.time("since", health.since);
        json.text("reason", health.reason);
        json.endObject();
    }
}
