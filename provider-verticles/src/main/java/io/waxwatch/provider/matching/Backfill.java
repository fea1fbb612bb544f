package io.waxwatch.provider.matching;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.ReleaseMatcher;
import io.waxwatch.common.matching.RuleMatcher;
import io.waxwatch.common.quarantine.BadData;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.watches.BackfillQueue;
import io.waxwatch.common.watches.BackfillQueue.Claimed;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.listings.ListingStore.Reached;
import io.waxwatch.provider.listings.ListingStore.Recent;
import io.waxwatch.provider.matching.MatchStore.Release;
import io.waxwatch.provider.matching.MatchStore.Rule;
import io.waxwatch.provider.matching.MatchWriter.Found;
import io.waxwatch.provider.matching.MatchWriter.Judged;
import io.waxwatch.provider.matching.MatchWriter.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new or changed watch looks over the listings stored of late. It overlaps with the live path on purpose: what both
 * find, the unique keys tell once. Page by page, newest first, each in a transaction that renews the lease: so neither the
 * memory nor the time on the event loop grows with the listings or with the rule, and a look that is begun anew tells
 * nothing twice. What is refreshed meanwhile, and so moves above the page, is refreshed by an ingest that knows the watch.
 */
public final class Backfill {

    private static final Logger log = LoggerFactory.getLogger(Backfill.class);
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** Listings of a page: about half a megabyte. */
    private static final int PAGE = 500;
    /**
     * Conditions judged for a page, some milliseconds. New rules are bounded, and get whole pages; one that was adopted may have
     * as many words as two keys of 64 KiB hold, some 25,000.
     */
    private static final int CLAUSES_OF_A_PAGE = 100_000;
    /** Conditions judged for the collector's sake, beyond the gap. */
    private static final int CLAUSES_OF_THE_REACH = 2_000_000;

    private final Database database;
    private final WatchRevisions revisions = new WatchRevisions();
    private final BackfillQueue looks;
    private final ListingStore listings;
    private final MatchStore watches = new MatchStore();
    private final MatchWriter matches;
    private final Quarantine quarantine;
    private final Window window;

    /**
     * How far a backfill goes back from the moment it was asked for.
     *
     * @param gap looked over whole; at least as long as a poll's lease, or a listing in flight could be missed
     * @param reach further back for the collector's sake, the newest only; not shorter than the gap
     * @param limit so many listings of the reach, fewer for a rule of thousands of words
     */
    public record Window(Duration gap, Duration reach, int limit) {}

    /**
     * What is to be found.
     *
     * @param match decides, and keeps the decision if it is a match
     * @param asked the rule's query or the watched release by which it decides
     * @param clauses conditions of one decision
     */
    private record Wanted(Function<Offer, Optional<Decision>> match, Object asked, int clauses) {

        static Wanted by(Rule rule) {
            return new Wanted(
                    offer -> RuleMatcher.match(rule.query(), offer),
                    rule.query(),
                    rule.query().clauses());
        }

        static Wanted by(Release release) {
            return new Wanted(
                    offer -> Optional.of(ReleaseMatcher.decide(release.watch(), offer))
                            .filter(Decision::matched),
                    release.watch(),
                    1);
        }

        int page() {
            return Math.max(1, Math.min(PAGE, CLAUSES_OF_A_PAGE / clauses));
        }

        int reach(int limit) {
            return Math.max(1, Math.min(limit, CLAUSES_OF_THE_REACH / clauses));
        }
    }

    /**
     * How far a look has come.
     *
     * @param reached null at its beginning
     * @param over whether it has ended, or is no longer ours
     */
    private record Progress(Reached reached, int looked, int events, boolean over) {

        static final Progress BEGIN = new Progress(null, 0, 0, false);

        Progress after(Recent page, int written) {
            return new Progress(page.reached(), looked + page.listings().size(), events + written, false);
        }

        Progress ended() {
            return new Progress(reached, looked, events, true);
        }
    }

    public Backfill(
            Database database,
            BackfillQueue looks,
            ListingStore listings,
            MatchWriter matches,
            Quarantine quarantine,
            Window window) {
        this.database = database;
        this.looks = looks;
        this.listings = listings;
        this.matches = matches;
        this.quarantine = quarantine;
        this.window = window;
    }

    /** Claims the look that has waited longest, if any is due; changes that nobody has numbered yet are due by that. */
    public Future<Optional<Claimed>> claim() {
        return revisions.sweep(database).compose(swept -> looks.claim(database, LEASE));
    }

    /** Makes a claimed look due again at once. */
    public Future<Boolean> giveBack(Claimed look) {
        return database.transaction(connection -> looks.hold(connection, look, Duration.ZERO));
    }

    /** Does a claimed look; answers how many events came of it. */
    public Future<Integer> run(Claimed look) {
        return database.transaction(connection -> begin(connection, look))
                .compose(wanted -> wanted.isPresent()
                        ? pages(look, wanted.get(), Progress.BEGIN)
                        : Future.succeededFuture(Progress.BEGIN))
                .map(Progress::events)
                .recover(cause -> BadData.isCauseOf(cause) ? endUnreadable(look, cause) : Future.failedFuture(cause))
                .onSuccess(events -> log.info(
                        "backfill.completed",
                        kv("kind", look.kind().wireName()),
                        kv("subject_id", look.subjectId()),
                        kv("created_matches", events)));
    }

    /** Nothing is wanted for a watch that is gone or at rest: its look is done. */
    private Future<Optional<Wanted>> begin(SqlConnection connection, Claimed look) {
        return wanted(connection, look)
                .compose(wanted -> wanted.isPresent()
                        ? Future.succeededFuture(wanted)
                        : looks.done(connection, look).map(wanted));
    }

    private Future<Optional<Wanted>> wanted(SqlConnection connection, Claimed look) {
        UUID id = look.subjectId();
        return look.kind() == WatchKind.RULE
                ? watches.rules(connection, List.of(id))
                        .map(rules -> Optional.ofNullable(rules.get(id)).map(Wanted::by))
                : watches.releases(connection, List.of(id))
                        .map(releases -> Optional.ofNullable(releases.get(id)).map(Wanted::by));
    }

    /** A watch that cannot be looked with would be due again for ever. */
    private Future<Integer> endUnreadable(Claimed look, Throwable cause) {
        return quarantine
                .put(Source.WATCH, look.kind().wireName() + " " + look.subjectId(), null, null, cause)
                .compose(kept -> database.transaction(connection -> looks.done(connection, look)))
                .map(0);
    }

    private Future<Progress> pages(Claimed look, Wanted wanted, Progress before) {
        return pages(look, wanted, before, PAGE);
    }

    /** Smaller pages where something cannot be written, down to the listing that it is; whole ones again behind it. */
    private Future<Progress> pages(Claimed look, Wanted wanted, Progress before, int atMost) {
        return page(look, wanted, before, atMost, true)
                .recover(cause -> {
                    if (!BadData.isCauseOf(cause)) {
                        return Future.failedFuture(cause);
                    }
                    return atMost > 1
                            ? pages(look, wanted, before, atMost / 2)
                            : quarantine
                                    .put(Source.MATCH, aside(look, before), null, null, cause)
                                    .compose(kept -> page(look, wanted, before, 1, false));
                })
                .compose(now -> now.over() ? Future.succeededFuture(now) : pages(look, wanted, now, PAGE));
    }

    private static String aside(Claimed look, Progress before) {
        return look.kind().wireName() + " " + look.subjectId() + ", the listing "
                + (before.reached() == null
                        ? "seen last"
                        : "seen before " + before.reached().id());
    }

    private Future<Progress> page(Claimed look, Wanted wanted, Progress before, int atMost, boolean written) {
        return database.repeatedTransaction(connection -> looks.hold(connection, look, LEASE)
                .compose(ours -> ours
                        ? page(connection, look, wanted, before, atMost, written)
                        : Future.succeededFuture(before.ended())));
    }

    /** Of the reach first, which begins with the gap; when its limit is reached, what is left of the gap. */
    private Future<Progress> page(
            SqlConnection connection, Claimed look, Wanted wanted, Progress before, int atMost, boolean written) {
        int leftOfReach = wanted.reach(window.limit()) - before.looked();
        Duration back = leftOfReach > 0 ? window.reach() : window.gap();
        int whole = leftOfReach > 0 ? Math.min(wanted.page(), leftOfReach) : wanted.page();
        int most = Math.min(whole, atMost);
        return listings.recent(connection, look.askedAt().minus(back), before.reached(), most)
                .compose(page -> (written ? write(connection, look, wanted, page) : Future.succeededFuture(0))
                        .map(events -> before.after(page, events))
                        .compose(now -> page.listings().size() < most
                                ? looks.done(connection, look).map(now.ended())
                                : Future.succeededFuture(now)));
    }

    private Future<Integer> write(SqlConnection connection, Claimed look, Wanted wanted, Recent page) {
        var hits = look.kind() == WatchKind.RULE
                ? new Hits(List.of(look.subjectId()), List.of())
                : new Hits(List.of(), List.of(look.subjectId()));
        List<Found> found = page.listings().stream()
                .flatMap(listing -> wanted
                        .match()
                        .apply(listing.offer())
                        .map(decision -> new Found(listing, hits, new Judged(wanted.asked(), decision)))
                        .stream())
                .toList();
        var extra = new JsonObject()
                .put("backfill", true)
                .put("days", window.reach().toDays());
        return matches.write(connection, found, new Origin(Origin.FIRST_LOOK, extra));
    }
}
