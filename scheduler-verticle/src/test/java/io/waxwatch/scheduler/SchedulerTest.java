package io.waxwatch.scheduler;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.PollAnswered;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.docs.StartedCounters;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {

    private static final int PATIENCE = 30_000;

    private final PollStore polls = new PollStore();
    private final List<PollDue> received = new CopyOnWriteArrayList<>();
    private Node node;
    private Database database;

    @AfterEach
    void close() {
        if (node != null) {
            await(node.close());
        }
    }

    private void open(Map<String, String> settings) {
        // Only one test is about how much quota there is.
        Map<String, String> all = new HashMap<>(Map.of("EBAY_CALLS_PER_DAY", "100000000"));
        all.putAll(settings);
        TestNode started = TestNode.start(Role.SCHEDULER, all);
        node = started.node();
        database = started.database();
    }

    private void addPolls(int count) {
        await(database.transaction(connection -> {
            Future<?> all = Future.succeededFuture();
            for (int i = 0; i < count; i++) {
                var spec = new PollSpec(new PollKey.Shop(Provider.EBAY, received.size() + "-" + i), 600);
                all = all.compose(done -> polls.ensure(connection, spec));
            }
            return all.mapEmpty();
        }));
    }

    private void serve(Function<PollDue, Future<PollAnswered>> provider) {
        await(node.bus().serve(Topics.pollDue("ebay", Duration.ofSeconds(60)), due -> {
            received.add(due);
            return provider.apply(due);
        }));
    }

    /** What a provider does in the end: closes the poll under its fence, then answers. */
    private Future<PollAnswered> closeAndAnswer(PollDue due) {
        var schedule = new PollSchedule(database);
        return database.transaction(
                        connection -> schedule.succeeded(connection, due.pollId(), due.fence(), Duration.ZERO))
                .map(ours -> new PollAnswered(due.pollId(), ours ? "success" : "stale"));
    }

    private long number(String sql) {
        return await(database.query(sql, Tuple.tuple())).iterator().next().getLong(0);
    }

    private double metric(String name, String label, String value) {
        var counter = node.metrics().registry().find(name).tag(label, value).counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void what_alerts_are_built_on_is_counted_from_the_start() {
        // Long enough for nothing to be claimed before it is looked at.
        open(Map.of("SCHEDULER_POLL_INTERVAL_SECONDS", "3600"));
        await(Scheduler.deploy(node, database));
        StartedCounters.assertAreThere(node.metrics(), "scheduler");
    }

    @Test
    void two_schedulers_hand_each_poll_out_once() {
        open(Map.of("SCHEDULER_BATCH_SIZE", "7", "SCHEDULER_MAX_UNACKNOWLEDGED", "20"));
        addPolls(200);
        serve(this::closeAndAnswer);

        await(node.deploy(
                () -> new SchedulerVerticle(node.bus(), database, node.metrics(), node.settings()),
                2,
                Duration.ofSeconds(5)));
        eventually(
                "all polls are done",
                PATIENCE,
                () -> metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "success") == 200);

        assertThat(received.stream().map(PollDue::pollId).distinct()).hasSize(200);
        assertThat(received).hasSize(200);
        assertThat(received).allSatisfy(due -> {
            assertThat(due.provider()).isEqualTo("ebay");
            assertThat(due.kind()).isEqualTo("shop");
            assertThat(due.intervalSeconds()).isEqualTo(600);
            assertThat(due.runId()).hasSize(13);
        });
        assertThat(received.stream().map(PollDue::runId).distinct()).hasSize(200);
        assertThat(number("SELECT count(*) FROM poll_schedule WHERE leased OR next_due <= now()"))
                .isZero();
    }

    @Test
    void a_lane_that_its_quota_has_nothing_for_rests_and_keeps_its_polls_while_the_others_go_on() {
        open(Map.of("EBAY_CALLS_PER_DAY", "5000"));
        addPolls(50);
        await(database.transaction(
                connection -> polls.ensure(connection, new PollSpec(new PollKey.Sweep("EBAY_US", "176985"), 600))));
        serve(due -> due.kind().equals("sweep")
                ? closeAndAnswer(due)
                : Future.succeededFuture(new PollAnswered(due.pollId(), "deferred", 600_000)));

        await(Scheduler.deploy(node, database));
        eventually(
                "the sweep is done, whatever waits in the other lane",
                PATIENCE,
                () -> received.stream().anyMatch(due -> due.kind().equals("sweep"))
                        && metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "deferred") >= 4
                        && metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "success") >= 1);

        eventually("given back", PATIENCE, () -> number("SELECT count(*) FROM poll_schedule WHERE leased") == 0);
        assertThat(received.stream().filter(due -> due.kind().equals("shop")))
                .as("not all of them were leafed through")
                .hasSizeLessThan(20);
        assertThat(number("SELECT count(*) FROM polls WHERE consecutive_failures > 0"))
                .isZero();
    }

    @Test
    void never_more_polls_are_out_than_allowed() {
        open(Map.of("SCHEDULER_MAX_UNACKNOWLEDGED", "5"));
        addPolls(40);
        var out = new AtomicInteger();
        var most = new AtomicInteger();
        var waiting = new ConcurrentLinkedQueue<Promise<Void>>();
        serve(due -> {
            most.accumulateAndGet(out.incrementAndGet(), Math::max);
            Promise<Void> released = Promise.promise();
            waiting.add(released);
            return released.future().onComplete(done -> out.decrementAndGet()).compose(done -> closeAndAnswer(due));
        });

        await(Scheduler.deploy(node, database));
        eventually("the room is used", PATIENCE, () -> out.get() == 5);
        assertThat(number("SELECT count(*) FROM poll_schedule WHERE leased")).isEqualTo(5);
        assertThat(node.metrics().scrape())
                .containsPattern("waxwatch_scheduler_unacknowledged_polls\\{lane=\"due\",provider=\"ebay\",.*} 5");

        eventually("all are done", PATIENCE, () -> {
            for (Promise<Void> next = waiting.poll(); next != null; next = waiting.poll()) {
                next.complete();
            }
            return metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "success") == 40;
        });
        assertThat(most).hasValue(5);
    }

    @Test
    void a_poll_whose_owner_died_is_handed_out_again_after_its_lease_with_a_higher_fence() {
        open(Map.of("SCHEDULER_LEASE_SECONDS", "2", "SCHEDULER_MAX_UNACKNOWLEDGED", "1"));
        addPolls(1);
        serve(due -> received.size() == 1 ? Promise.<PollAnswered>promise().future() : closeAndAnswer(due));

        await(Scheduler.deploy(node, database));
        eventually("it is handed out again", PATIENCE, () -> received.size() == 2);

        assertThat(received.get(1).pollId()).isEqualTo(received.get(0).pollId());
        assertThat(received.get(1).fence()).isGreaterThan(received.get(0).fence());
        eventually("it is closed", PATIENCE, () -> number("SELECT count(*) FROM poll_schedule WHERE leased") == 0);
        assertThat(metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "unanswered"))
                .isEqualTo(1);
        assertThat(node.metrics()
                        .registry()
                        .get("waxwatch_scheduler_reclaimed_total")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void without_a_provider_polls_are_given_back_and_done_when_one_comes() {
        open(Map.of("SCHEDULER_MAX_UNACKNOWLEDGED", "10"));
        addPolls(30);

        await(Scheduler.deploy(node, database));
        eventually(
                "polls are given back",
                PATIENCE,
                () -> metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "unserved") >= 10);
        eventually("no lease is held", PATIENCE, () -> number("SELECT count(*) FROM poll_schedule WHERE leased") == 0);
        assertThat(number("SELECT max(fence) FROM poll_schedule"))
                .as("the loop rests instead of leafing through the schedule")
                .isEqualTo(1);

        serve(this::closeAndAnswer);
        eventually(
                "all are done",
                PATIENCE,
                () -> metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "success") == 30);
    }

    @Test
    void a_provider_that_says_unavailable_gets_the_poll_again_soon_and_a_broken_one_after_the_lease() {
        open(Map.of("SCHEDULER_LEASE_SECONDS", "60"));
        addPolls(2);
        var kinds = new ConcurrentLinkedQueue<>(List.of(FailureKind.UNAVAILABLE, FailureKind.INTERNAL));
        serve(due -> {
            FailureKind kind = kinds.poll();
            return kind == null ? closeAndAnswer(due) : Future.failedFuture(new Failure(kind, "test"));
        });

        await(Scheduler.deploy(node, database));
        eventually(
                "one is done",
                PATIENCE,
                () -> metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "success") == 1);

        assertThat(metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "unserved"))
                .isEqualTo(1);
        assertThat(metric("waxwatch_scheduler_rule_outcomes_total", "outcome", "refused"))
                .isEqualTo(1);
        assertThat(number("SELECT count(*) FROM poll_schedule WHERE leased AND next_due > now()"))
                .isEqualTo(1);
    }

    @Test
    void news_of_changed_watches_wakes_the_scheduler_at_once() {
        // The next look of its own would come long after the patience of this test.
        open(Map.of("SCHEDULER_POLL_INTERVAL_SECONDS", "3600"));
        serve(this::closeAndAnswer);
        await(Scheduler.deploy(node, database));
        eventually(
                "the first rounds were empty",
                PATIENCE,
                () -> metric("waxwatch_scheduler_runs_total", "outcome", "success") >= 2);

        addPolls(1);
        node.bus().publish(Topics.WATCHES_CHANGED, new WatchesChanged(1));
        eventually("it is handed out", PATIENCE, () -> received.size() == 1);
    }

    @Test
    void a_stop_waits_for_what_is_out_and_takes_nothing_more() {
        open(Map.of("SCHEDULER_MAX_UNACKNOWLEDGED", "1"));
        addPolls(2);
        Promise<Void> hold = Promise.promise();
        serve(due -> hold.future().compose(go -> closeAndAnswer(due)));
        String id = await(node.vertx()
                .deployVerticle(new SchedulerVerticle(node.bus(), database, node.metrics(), node.settings())));
        eventually("one is out", PATIENCE, () -> received.size() == 1);

        Future<Void> stopped = node.vertx().undeploy(id);
        assertThat(stopped.isComplete()).isFalse();
        hold.complete();
        await(stopped);

        assertThat(received).hasSize(1);
        assertThat(number("SELECT count(*) FROM poll_schedule WHERE leased")).isZero();
        assertThat(number("SELECT count(*) FROM poll_schedule WHERE next_due <= now()"))
                .as("the other one is left to another scheduler")
                .isEqualTo(1);
    }

    @Test
    void goes_on_after_the_database_was_away(@TempDir Path data) throws IOException {
        try (var postgres = new TestDatabase.Stoppable(data)) {
            node = await(
                    Node.alone("test", TestDatabase.settings(postgres.address(), Role.SCHEDULER, new HashMap<>())));
            database = node.openDatabase();
            serve(this::closeAndAnswer);
            await(Scheduler.deploy(node, database));
            addPolls(3);
            eventually("the first polls are done", PATIENCE, () -> received.size() == 3);

            postgres.stop();
            eventually(
                    "claims fail", PATIENCE, () -> metric("waxwatch_scheduler_runs_total", "outcome", "failed") >= 2);
            postgres.start();

            eventually("polls can be added again", PATIENCE, this::addedMore);
            eventually("they are done", PATIENCE, () -> distinctReceived() == 5);
            await(node.close());
            node = null;
        }
    }

    private boolean addedMore() {
        try {
            addPolls(2);
            return true;
        } catch (Exception stillAway) {
            return false;
        }
    }

    private long distinctReceived() {
        return received.stream()
                .map(PollDue::pollId)
                .collect(Collectors.toSet())
                .size();
    }
}
