package io.waxwatch.provider.ingest;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.quarantine.BadData;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.quarantine.Sieve;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.listings.ListingStore.Stored;
import io.waxwatch.provider.matching.LiveIndex;
import io.waxwatch.provider.matching.MatchWriter;
import io.waxwatch.provider.matching.MatchWriter.Found;
import io.waxwatch.provider.matching.MatchWriter.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcome of a poll that brought listings: one transaction that closes the poll, stores the listings and their
 * prices, and writes matches, events and notifications. A late duplicate finds its fence stale and changes nothing.
 *
 * <p>When a row cannot be stored, the rows are gone through by halves, each in a transaction of its own, and the poll is closed
 * last: a bad row is put aside, and a process that dies in between leaves what the next poll finds to be known.
 */
public final class Ingest {

    private static final Logger log = LoggerFactory.getLogger(Ingest.class);

    /** What one ingest did. */
    public record Outcome(int listings, int events) {}

    /** What became of listings that no poll brought. */
    public record Taken(Stored stored, int events) {}

    /** The poll was no longer ours: somebody else has done it, or is doing it. */
    public static final class Stale extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Stale(UUID pollId) {
            super("poll " + pollId + " belongs to a newer claim", null, false, false);
        }
    }

    private final Database database;
    private final PollSchedule schedule;
    private final WatchRevisions revisions;
    private final ListingStore listings;
    private final LiveIndex index;
    private final MatchWriter matches;
    private final Quarantine quarantine;
    private final Supplier<Duration> jitter;

    public Ingest(
            Database database,
            PollSchedule schedule,
            WatchRevisions revisions,
            ListingStore listings,
            LiveIndex index,
            MatchWriter matches,
            Quarantine quarantine,
            Supplier<Duration> jitter) {
        this.database = database;
        this.schedule = schedule;
        this.revisions = revisions;
        this.listings = listings;
        this.index = index;
        this.matches = matches;
        this.quarantine = quarantine;
        this.jitter = jitter;
    }

    /** Commits the outcome of {@code poll}; fails with {@link Stale} when the claim was lost meanwhile. */
    public Future<Outcome> commit(PollDue poll, Provider provider, List<MarketListing> fetched) {
        return commit(poll, provider, fetched, connection -> Future.succeededFuture());
    }

    /**
     * The same.
     *
     * @param beside what else belongs into the transaction that closes the poll
     */
    public Future<Outcome> commit(
            PollDue poll,
            Provider provider,
            List<MarketListing> fetched,
            Function<SqlConnection, Future<Void>> beside) {
        return transaction(poll, provider, fetched, beside)
                .recover(cause ->
                        BadData.isCauseOf(cause) ? sieved(poll, provider, fetched, beside) : Future.failedFuture(cause))
                .onSuccess(outcome -> log.info(
                        "ingest.committed",
                        kv("poll_id", poll.pollId()),
                        kv("run_id", poll.runId()),
                        kv("provider", provider.wireName()),
                        kv("fetched", fetched.size()),
                        kv("listings", outcome.listings()),
                        kv("events", outcome.events()),
                        kv("index_revision", index.revision())));
    }

    private Future<Outcome> transaction(
            PollDue poll,
            Provider provider,
            List<MarketListing> fetched,
            Function<SqlConnection, Future<Void>> beside) {
        return database.repeatedTransaction(connection -> close(connection, poll)
                .compose(ours -> beside.apply(connection))
                .compose(ours -> listings.store(connection, provider, fetched))
                .compose(stored -> matched(connection, stored)
                        .map(events -> new Outcome(stored.listings().size(), events))));
    }

    private Future<Void> close(SqlConnection connection, PollDue poll) {
        return schedule.succeeded(connection, poll.pollId(), poll.fence(), jitter.get())
                .compose(ours -> ours ? Future.succeededFuture() : Future.failedFuture(new Stale(poll.pollId())));
    }

    private Future<Outcome> sieved(
            PollDue poll,
            Provider provider,
            List<MarketListing> fetched,
            Function<SqlConnection, Future<Void>> beside) {
        return Sieve.pass(
                        fetched,
                        some -> take(provider, some)
                                .map(taken ->
                                        new Outcome(taken.stored().listings().size(), taken.events())),
                        (listing, cause) -> putAside(provider, listing))
                .compose(outcomes -> database.repeatedTransaction(
                                connection -> close(connection, poll).compose(ours -> beside.apply(connection)))
                        .map(closed -> outcomes.stream()
                                .reduce(
                                        new Outcome(0, 0),
                                        (one, other) -> new Outcome(
                                                one.listings() + other.listings(), one.events() + other.events()))));
    }

    /** The listing itself, or, when that can be stored, those of its matches that cannot. */
    private Future<Void> putAside(Provider provider, MarketListing listing) {
        return database.repeatedTransaction(connection -> listings.store(connection, provider, List.of(listing)))
                .transform(stored -> {
                    if (stored.succeeded()) {
                        return oneByOne(stored.result());
                    }
                    return BadData.isCauseOf(stored.cause())
                            ? quarantine.put(
                                    Source.LISTING,
                                    provider.wireName() + " " + listing.externalId(),
                                    null,
                                    new JsonObject(listing.raw()).encode(),
                                    stored.cause())
                            : Future.failedFuture(stored.cause());
                });
    }

    private Future<Void> oneByOne(Stored stored) {
        return database.transaction(connection -> revisions
                        .hold(connection)
                        .compose(held -> index.catchUp(connection))
                        .map(current -> stored.listings()))
                .compose(found -> Sieve.pass(
                        found.stream().flatMap(this::singly).toList(),
                        some -> database.repeatedTransaction(
                                connection -> matches.write(connection, some, Origin.live())),
                        matches.aside(quarantine)))
                .<Void>mapEmpty()
                .recover(cause -> BadData.isCauseOf(cause)
                        ? quarantine.put(Source.MATCH, "listings " + ids(stored), null, null, cause)
                        : Future.failedFuture(cause));
    }

    private static List<UUID> ids(Stored stored) {
        return stored.listings().stream().map(Listing::id).toList();
    }

    private Stream<Found> singly(Listing listing) {
        return new Found(listing, index.match(listing.offer())).singly();
    }

    /** The same for listings that no poll brought, so that there is none to close. */
    public Future<Taken> take(Provider provider, List<MarketListing> listing) {
        return database.repeatedTransaction(connection -> listings.store(connection, provider, listing)
                .compose(stored -> matched(connection, stored).map(events -> new Taken(stored, events))));
    }

    private Future<Integer> matched(SqlConnection connection, Stored stored) {
        return revisions
                .hold(connection)
                .compose(held -> index.catchUp(connection))
                .compose(current -> matches.write(connection, match(stored.listings()), Origin.live()));
    }

    private List<Found> match(List<Listing> stored) {
        List<Found> found = new ArrayList<>();
        for (Listing listing : stored) {
            Hits hits = index.match(listing.offer());
            if (!hits.isEmpty()) {
                found.add(new Found(listing, hits));
            }
        }
        return found;
    }
}
