package io.waxwatch.provider.matching;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.ReleaseMatcher;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.watches.FirstLooks;
import io.waxwatch.common.watches.FirstLooks.Claimed;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.listings.StoredListing;
import io.waxwatch.provider.matching.MatchWriter.Found;
import io.waxwatch.provider.matching.MatchWriter.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new or changed watch looks over the listings stored of late. It overlaps with the live path on purpose: what both
 * find, the unique keys tell once.
 */
public final class FirstLook {

    private static final Logger log = LoggerFactory.getLogger(FirstLook.class);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final Database database;
    private final FirstLooks looks;
    private final ListingStore listings;
    private final MatchStore watches = new MatchStore();
    private final MatchWriter matches;
    private final Window window;

    /**
     * How far a first look goes back from the moment it was asked for.
     *
     * @param gap looked over whole; at least as long as a poll's lease, or a listing in flight could be missed
     * @param reach further back for the collector's sake, the newest only; not shorter than the gap
     * @param limit about so many listings of the reach
     */
    public record Window(Duration gap, Duration reach, int limit) {}

    public FirstLook(Database database, FirstLooks looks, ListingStore listings, MatchWriter matches, Window window) {
        this.database = database;
        this.looks = looks;
        this.listings = listings;
        this.matches = matches;
        this.window = window;
    }

    /** Does all first looks that are due, one after the other; answers how many events came of them. */
    public Future<Integer> runAll() {
        return runAll(0);
    }

    private Future<Integer> runAll(int soFar) {
        return looks.claim(database, LEASE)
                .compose(look -> look.isEmpty()
                        ? Future.succeededFuture(soFar)
                        : run(look.get()).compose(events -> runAll(soFar + events)));
    }

    private Future<Integer> run(Claimed look) {
        return database.transaction(connection -> looks.done(connection, look)
                        .compose(ours -> ours ? lookOver(connection, look) : Future.succeededFuture(0)))
                .onSuccess(events -> log.info(
                        "backfill.completed",
                        kv("kind", look.kind().wireName()),
                        kv("subject_id", look.subjectId()),
                        kv("created_matches", events)));
    }

    private Future<Integer> lookOver(SqlConnection connection, Claimed look) {
        return decider(connection, look)
                .compose(matched -> listings.recent(
                                connection,
                                look.askedAt().minus(window.reach()),
                                look.askedAt().minus(window.gap()),
                                window.limit())
                        .compose(recent -> matches.write(
                                connection,
                                recent.stream()
                                        .filter(listing -> matched.test(listing.offer()))
                                        .map(listing -> found(look, listing))
                                        .toList(),
                                new Origin(
                                        Origin.FIRST_LOOK,
                                        new JsonObject()
                                                .put("backfill", true)
                                                .put("days", window.reach().toDays())))));
    }

    private Future<Predicate<Offer>> decider(SqlConnection connection, Claimed look) {
        List<UUID> id = List.of(look.subjectId());
        if (look.kind() == WatchKind.RULE) {
            return watches.rules(connection, id)
                    .map(rules -> only(rules)
                            .map(rule -> (Predicate<Offer>)
                                    offer -> RuleMatcher.decide(rule.query(), rule.userCurrency(), offer)
                                            .matched())
                            .orElse(offer -> false));
        }
        return watches.releases(connection, id)
                .map(releases -> only(releases)
                        .map(release -> (Predicate<Offer>) offer ->
                                ReleaseMatcher.decide(release.watch(), offer).matched())
                        .orElse(offer -> false));
    }

    private static <T> java.util.Optional<T> only(Map<UUID, T> watches) {
        return watches.values().stream().findFirst();
    }

    private static Found found(Claimed look, StoredListing listing) {
        List<UUID> id = List.of(look.subjectId());
        return new Found(listing, look.kind() == WatchKind.RULE ? new Hits(id, List.of()) : new Hits(List.of(), id));
    }
}
