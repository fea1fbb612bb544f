package io.waxwatch.provider.discogs.releasefloors;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.quarantine.BadData;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.quarantine.Sieve;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.discogs.client.ReleaseFloor;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.Money;
import io.waxwatch.provider.ingest.Ingest;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a Discogs release poll: asks for the floor, then commits it with its alerts and the poll's closing. */
public final class FloorPolls {

    private static final Logger log = LoggerFactory.getLogger(FloorPolls.class);

    /** An adopted watch may have anything for a currency; then only one without a target can be satisfied. */
    private static final String WITHOUT_CURRENCY = "USD";

    private final DiscogsClient discogs;
    private final Database database;
    private final PollSchedule schedule;
    private final EventStore events;
    private final ReleaseFloorStore floors;
    private final Quarantine quarantine;
    private final Supplier<Duration> jitter;

    public FloorPolls(
            DiscogsClient discogs,
            Database database,
            PollSchedule schedule,
            EventStore events,
            Quarantine quarantine,
            String siteUrl,
            Supplier<Duration> jitter) {
        this.discogs = discogs;
        this.database = database;
        this.schedule = schedule;
        this.events = events;
        this.quarantine = quarantine;
        this.floors = new ReleaseFloorStore(siteUrl);
        this.jitter = jitter;
    }

    /** @return how many events were new */
    public Future<Integer> run(PollDue poll) {
        if (!(PollKey.parse(poll.provider(), poll.kind(), poll.key()) instanceof PollKey.Release release)) {
            throw new IllegalArgumentException("Not a release: " + poll.key());
        }
        String currency = Money.currency(release.currency()).orElse(WITHOUT_CURRENCY);
        return discogs.floor(release.id(), currency, new CallPurpose(CallLane.DUE, poll.users()))
                .compose(floor -> commit(poll, floor));
    }

    private Future<Integer> commit(PollDue poll, ReleaseFloor floor) {
        // The poll's row before its schedule's, in the order of those who plan polls; undone with the rest when stale.
        return database.transaction(connection -> floors.adapt(connection, poll.pollId(), floor)
                        .compose(adapted -> close(connection, poll))
                        .compose(ours -> floors.observe(connection, poll.pollId(), floor))
                        .compose(news -> append(connection, news)))
                .recover(cause -> BadData.isCauseOf(cause) ? sieved(poll, floor) : Future.failedFuture(cause))
                .onSuccess(count -> log.info(
                        "floor.committed",
                        kv("poll_id", poll.pollId()),
                        kv("run_id", poll.runId()),
                        kv("release_id", floor.releaseId()),
                        kv("for_sale", floor.numForSale()),
                        kv("events", count)));
    }

    private Future<Void> close(SqlConnection connection, PollDue poll) {
        return schedule.succeeded(connection, poll.pollId(), poll.fence(), jitter.get())
                .compose(
                        ours -> ours ? Future.succeededFuture() : Future.failedFuture(new Ingest.Stale(poll.pollId())));
    }

    private Future<Integer> append(SqlConnection connection, List<NewEvent> news) {
        return events.append(connection, news).map(List::size);
    }

    /** What cannot be stored costs itself: the floor, or the alert of one watch, not the others' nor the poll. */
    private Future<Integer> sieved(PollDue poll, ReleaseFloor floor) {
        return database.transaction(connection -> floors.adapt(connection, poll.pollId(), floor)
                        .compose(adapted -> floors.store(connection, floor))
                        .compose(stored -> floors.served(connection, poll.pollId())))
                .recover(cause -> BadData.isCauseOf(cause)
                        ? quarantine
                                .put(Source.LISTING, subject(floor), null, floor.toString(), cause)
                                .map(List.of())
                        : Future.failedFuture(cause))
                .compose(watches -> Sieve.pass(
                        watches,
                        some -> database.transaction(connection -> floors.alert(connection, poll.pollId(), floor, some)
                                .compose(news -> append(connection, news))),
                        (watch, cause) -> quarantine.put(
                                Source.MATCH, subject(floor) + " watch " + watch, null, floor.toString(), cause)))
                .compose(counts -> database.transaction(connection -> close(connection, poll))
                        .map(closed ->
                                counts.stream().mapToInt(Integer::intValue).sum()));
    }

    private static String subject(ReleaseFloor floor) {
        return "discogs floor " + floor.releaseId();
    }
}
