package io.waxwatch.provider.matching;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.listings.PublicUrl;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.ReleaseMatcher;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.outbox.AlertPayload;
import io.waxwatch.common.outbox.AlertPayload.Offered;
import io.waxwatch.common.outbox.AlertPayload.Watch;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.quarantine.Sieve;
import io.waxwatch.provider.matching.MatchStore.Pair;
import io.waxwatch.provider.matching.MatchStore.Release;
import io.waxwatch.provider.matching.MatchStore.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Turns hits into matches, events and notifications, in the caller's transaction. The database's unique keys decide what
 * is new, so writing the same hit twice, from two processes even, tells the collector once.
 */
public final class MatchWriter {

    /**
     * What was decided of a listing already.
     *
     * @param asked the rule's query or the watched release at that moment
     */
    record Judged(Object asked, Decision decision) {}

    /**
     * A listing and the watches that it satisfies.
     *
     * @param judged how its only watch decided; null where the index alone has found it
     */
    public record Found(Listing listing, Hits hits, Judged judged) {

        public Found(Listing listing, Hits hits) {
            this(listing, hits, null);
        }

        /**
         * Decided once. A watch that was edited since, which only a backfill can meet, decides anew; the edit asked for
         * a backfill of its own.
         */
        private <W> Decision decision(W asked, BiFunction<W, Offer, Decision> matcher) {
            return judged != null && judged.asked().equals(asked)
                    ? judged.decision()
                    : matcher.apply(asked, listing.offer());
        }

        /** The same, each with a single watch. */
        public Stream<Found> singly() {
            return Stream.concat(
                    hits.rules().stream().map(rule -> only(new Hits(List.of(rule), List.of()))),
                    hits.releases().stream().map(release -> only(new Hits(List.of(), List.of(release)))));
        }

        private Found only(Hits one) {
            return new Found(listing, one, judged);
        }
    }

    /** How a match came about, added to its event. */
    public record Origin(String reason, JsonObject extra) {
        static final String LIVE = "rule_filters_passed";
        /** Found by a rule's backfill. */
        static final String FIRST_LOOK = "backfill_recent_listings";

        /** Found as it was fetched. */
        public static Origin live() {
            return new Origin(LIVE, new JsonObject());
        }
    }

    private final MatchStore matches = new MatchStore();
    private final EventStore events;

    public MatchWriter(EventStore events) {
        this.events = events;
    }

    /**
     * Writes what was found.
     *
     * @return how many events were new
     */
    public Future<Integer> write(SqlConnection connection, List<Found> found, Origin origin) {
        Set<UUID> ruleIds = new LinkedHashSet<>();
        Set<UUID> releaseIds = new LinkedHashSet<>();
        found.forEach(each -> {
            ruleIds.addAll(each.hits().rules());
            releaseIds.addAll(each.hits().releases());
        });
        if (ruleIds.isEmpty() && releaseIds.isEmpty()) {
            return Future.succeededFuture(0);
        }
        return matches.rules(connection, ruleIds)
                .compose(rules -> ruleEvents(connection, found, rules, origin))
                .compose(ruleEvents -> matches.releases(connection, releaseIds).compose(releases -> {
                    List<NewEvent> news = new ArrayList<>(ruleEvents);
                    news.addAll(releaseEvents(found, releases, origin));
                    return events.append(connection, news);
                }))
                .map(List::size);
    }

    /** Where matches of a single watch go that cannot be written. */
    public Sieve.Refused<Found> aside(Quarantine quarantine) {
        return (found, cause) -> quarantine.put(
                Source.MATCH,
                "listing " + found.listing().id() + ", rules " + found.hits().rules() + ", releases "
                        + found.hits().releases(),
                null,
                null,
                cause);
    }

    private Future<List<NewEvent>> ruleEvents(
            SqlConnection connection, List<Found> found, Map<UUID, Rule> rules, Origin origin) {
        Map<Pair, JsonObject> pairs = new LinkedHashMap<>();
        Map<Pair, NewEvent> eventByPair = new LinkedHashMap<>();
        for (Found each : found) {
            for (UUID ruleId : each.hits().rules()) {
                Rule rule = rules.get(ruleId);
                if (rule == null) {
                    continue;
                }
                Decision decision = each.decision(rule.query(), RuleMatcher::decide);
                if (!decision.matched()) {
                    continue;
                }
                var pair = new Pair(ruleId, each.listing().id());
                pairs.put(
                        pair,
                        new JsonObject()
                                .put("reason", origin.reason())
                                .mergeIn(origin.extra())
                                .put("trace", trace(decision)));
                eventByPair.put(pair, ruleEvent(rule, each.listing(), decision, origin));
            }
        }
        return matches.insert(connection, pairs)
                .map(fresh -> fresh.stream().map(eventByPair::get).toList());
    }

    private static NewEvent ruleEvent(Rule rule, Listing listing, Decision decision, Origin origin) {
        AlertPayload payload = payload(Watch.rule(rule.name()), listing, decision, origin);
        return new NewEvent(rule.userId(), EventType.NEW_MATCH, null, rule.id(), listing.id(), payload.toJson());
    }

    private static List<NewEvent> releaseEvents(List<Found> found, Map<UUID, Release> releases, Origin origin) {
        List<NewEvent> news = new ArrayList<>();
        for (Found each : found) {
            for (UUID id : each.hits().releases()) {
                Release release = releases.get(id);
                if (release == null) {
                    continue;
                }
                Decision decision = each.decision(release.watch(), ReleaseMatcher::decide);
                if (!decision.matched()) {
                    continue;
                }
                var watch = Watch.release(
                        release.watch().title(), release.watch().mode().wireName());
                news.add(new NewEvent(
                        release.userId(),
                        EventType.NEW_MATCH,
                        id,
                        null,
                        each.listing().id(),
                        payload(watch, each.listing(), decision, origin).toJson()));
            }
        }
        // In one order for everybody: these too have a unique key on which writers of the same pairs wait.
        news.sort(Comparator.comparing(NewEvent::watchReleaseId).thenComparing(NewEvent::listingId));
        return news;
    }

    private static AlertPayload payload(Watch watch, Listing listing, Decision decision, Origin origin) {
        var offered = new Offered(
                listing.title(),
                listing.price(),
                Offered.priceKind(listing.bid()),
                listing.currency(),
                listing.condition(),
                listing.seller(),
                listing.location(),
                listing.provider().wireName(),
                PublicUrl.of(listing.provider().wireName(), listing.id(), listing.url()),
                listing.url(),
                null);
        return new AlertPayload(watch, offered, decision.reasons(), origin.extra());
    }

    private static JsonArray trace(Decision decision) {
        var trace = new JsonArray();
        decision.clauses()
                .forEach(clause -> trace.add(new JsonObject()
                        .put("clause", clause.name())
                        .put("outcome", clause.outcome().name().toLowerCase(java.util.Locale.ROOT))
                        .put("expected", clause.expected())
                        .put("seen", clause.seen())));
        return trace;
    }
}
