package io.waxwatch.provider.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.testing.TestRedis;
import io.waxwatch.provider.http.CallLane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Tag;

/** The ledger's script in a real Redis, at times of our own. */
@Tag("redis")
class QuotaScriptTest {

    private static final Instant START = Instant.parse("2026-11-30T20:00:00Z");
    private static final double MINUTE = 60_000;
    private static final int DISCOGS_GIVES = 60;

    private static TestRedis redis;
    private static Vertx vertx;
    private static RedisConnection connection;
    private static int runs;

    @BeforeContainer
    static void start() {
        redis = new TestRedis();
        vertx = Vertx.vertx();
        connection = TestNode.await(Redis.createClient(vertx, redis.url()).connect());
    }

    @AfterContainer
    static void stop() {
        TestNode.await(vertx.close());
        redis.close();
    }

    /** Somebody who always wants the next call, or one now and then. */
    private static final class Asker {
        final CallLane lane;
        final String user;
        final double pause;
        final List<Double> granted = new ArrayList<>();
        double longestWait;
        double since;
        double next;

        /** @param pause from a granted call to the next wish, in milliseconds */
        Asker(CallLane lane, String user, double pause, double first) {
            this.lane = lane;
            this.user = user;
            this.pause = pause;
            this.next = first;
            this.since = first;
        }
    }

    /** A run of its own: askers, a budget, and a clock that goes from wish to wish. */
    private static final class Play {
        final Budget budget;
        final String name = "run" + runs++;
        final List<Double> granted = new ArrayList<>();
        final PriorityQueue<Asker> askers = new PriorityQueue<>(Comparator.comparingDouble(asker -> asker.next));
        double now = START.toEpochMilli();

        Play(Budget budget) {
            this.budget = budget;
        }

        Asker asker(CallLane lane, String user, double pause, double after) {
            var asker = new Asker(lane, user, pause, START.toEpochMilli() + after);
            askers.add(asker);
            return asker;
        }

        QuotaAnswer ask(String operation, int lane, String... arguments) {
            var ask = new QuotaScript.Ask(
                    name, budget.json(Instant.ofEpochMilli((long) now)), operation, lane, now, List.of(arguments));
            var answer = TestNode.await(QuotaScript.run(connection, ask));
            if (QuotaScript.isUnknown(answer)) {
                ask("seed", 0, "0");
                return ask(operation, lane, arguments);
            }
            return QuotaScript.read(answer);
        }

        void until(double end) {
            while (!askers.isEmpty() && askers.peek().next < START.toEpochMilli() + end) {
                step();
            }
        }

        QuotaAnswer step() {
            Asker asker = askers.poll();
            now = Math.max(now, asker.next);
            int lane = asker.lane.ordinal() + 1;
            QuotaAnswer answer = asker.user == null ? ask("take", lane) : ask("take", lane, asker.user);
            if (answer.granted()) {
                granted.add(now);
                asker.granted.add(now);
                asker.longestWait = Math.max(asker.longestWait, now - asker.since);
                asker.next = now + asker.pause;
                asker.since = asker.next;
            } else {
                assertThat(answer.waitMillis()).isPositive();
                asker.next = now + answer.waitMillis();
            }
            askers.add(asker);
            return answer;
        }

        /** The most that fell into 60 seconds, wherever they begin. */
        long busiestMinute() {
            long most = 0;
            int from = 0;
            for (int to = 0; to < granted.size(); to++) {
                while (granted.get(to) - granted.get(from) >= MINUTE) {
                    from++;
                }
                most = Math.max(most, to - from + 1);
            }
            return most;
        }
    }

    private static void forget(Play play) {
        String key = "waxwatch:quota:{" + play.name + "}";
        var request = Request.cmd(Command.DEL).arg(key).arg(key + ":users");
        for (int lane = 1; lane <= CallLane.values().length; lane++) {
            request.arg(key + ":waiting:" + lane).arg(key + ":until:" + lane);
        }
        TestNode.await(connection.send(request));
    }

    @Property(tries = 25)
    void no_minute_sees_more_than_discogs_gives_also_when_redis_forgets(@ForAll Random dice) {
        var play = new Play(Budget.discogs("here", DISCOGS_GIVES));
        int askers = 1 + dice.nextInt(8);
        for (int i = 0; i < askers; i++) {
            CallLane lane = CallLane.values()[dice.nextInt(3)];
            play.asker(
                    lane,
                    dice.nextBoolean() ? "user" + dice.nextInt(3) : null,
                    dice.nextInt(3_000),
                    dice.nextInt(90_000));
        }
        for (int i = 0; i < 300; i++) {
            play.step();
            if (dice.nextInt(60) == 0) {
                forget(play);
            }
        }
        assertThat(play.busiestMinute()).isLessThanOrEqualTo(DISCOGS_GIVES);
    }

    @Property(tries = 3)
    void whoever_is_alone_gets_nine_tenths_of_what_discogs_gives(@ForAll CallLane lane) {
        var play = new Play(Budget.discogs("here", DISCOGS_GIVES));
        for (int i = 0; i < 9; i++) {
            play.asker(lane, "user" + i, 0, 0);
        }
        play.until(6 * MINUTE);
        long afterWarmUp = play.granted.stream()
                .filter(at -> at >= START.toEpochMilli() + MINUTE)
                .count();
        assertThat(afterWarmUp / 5.0).isBetween(0.9 * DISCOGS_GIVES, (double) DISCOGS_GIVES);
        assertThat(play.busiestMinute()).isLessThanOrEqualTo(DISCOGS_GIVES);
    }

    @Property(tries = 3)
    void each_lane_has_its_share_while_all_want_more(@ForAll Random dice) {
        var play = new Play(Budget.discogs("here", DISCOGS_GIVES));
        Map<CallLane, List<Asker>> all = new HashMap<>();
        for (CallLane lane : CallLane.values()) {
            for (int i = 0; i < 4; i++) {
                all.computeIfAbsent(lane, key -> new ArrayList<>())
                        .add(play.asker(lane, "user" + i, 0, dice.nextInt(1_000)));
            }
        }
        play.until(10 * MINUTE);
        double total = play.granted.size();
        for (CallLane lane : CallLane.values()) {
            long its = all.get(lane).stream()
                    .mapToLong(asker -> asker.granted.size())
                    .sum();
            double share = play.budget.lanes().get(lane.ordinal()).weight() / 10;
            assertThat(its / total).as(lane.name()).isBetween(share - 0.03, share + 0.03);
        }
        assertThat(total / 10).isBetween(0.9 * DISCOGS_GIVES, (double) DISCOGS_GIVES);
    }

    @Property(tries = 3)
    void a_greedy_collector_does_not_delay_another(@ForAll Random dice) {
        var play = new Play(Budget.discogs("here", DISCOGS_GIVES));
        for (int i = 0; i < 30; i++) {
            play.asker(CallLane.BACKGROUND, "greedy", 0, dice.nextInt(1_000));
        }
        Asker modest = play.asker(CallLane.BACKGROUND, "modest", 20_000, 30_000);
        play.until(5 * MINUTE);
        assertThat(modest.granted).hasSizeGreaterThan(10);
        // In a queue it would wait for thirty calls.
        assertThat(modest.longestWait).isLessThan(6_000);
    }

    @Property(tries = 5)
    void a_day_is_never_overdrawn_and_never_blind_before_its_end(@ForAll Random dice) {
        var play = new Play(Budget.ebay(400));
        for (int i = 0; i < 6; i++) {
            play.asker(CallLane.values()[i % 3], "user" + i, dice.nextInt(20_000), dice.nextInt(60_000));
        }
        Instant reset = Budget.nextReset(START);
        double day = Duration.between(START, reset).toMillis();
        play.until(day);
        assertThat(play.granted.size()).isBetween(360, 400);
        double lastHour = reset.toEpochMilli() - Duration.ofHours(1).toMillis();
        assertThat(play.granted.stream().filter(at -> at >= lastHour).count())
                .as("the last hour has its part")
                .isGreaterThan(20);
        play.until(day + Duration.ofHours(1).toMillis());
        assertThat(play.granted.stream()
                        .filter(at -> at >= reset.toEpochMilli())
                        .count())
                .as("the first hour of the next day")
                .isBetween(10L, 70L);
    }

    @Property(tries = 5)
    void what_the_marketplace_says_corrects_downwards_only(@ForAll Random dice) {
        var play = new Play(Budget.ebay(5_000));
        play.ask("look", 0);
        play.ask("seed", 0, "100");
        assertThat(play.ask("answered", 0, "200", "3000", "").used()).isEqualTo(2_000);
        assertThat(play.ask("answered", 0, "200", Integer.toString(4_000 + dice.nextInt(900)), "")
                        .used())
                .isEqualTo(2_000);
        QuotaAnswer refused = play.ask("answered", 0, "429", "", "");
        assertThat(refused.heldMillis()).isEqualTo(refused.resetMillis() - (long) play.now);
        assertThat(play.ask("take", 1).reason()).isEqualTo("held");
    }

    @Property(tries = 5)
    void a_429_of_discogs_holds_everybody_for_as_long_as_it_says(@ForAll Random dice) {
        var play = new Play(Budget.discogs("here", DISCOGS_GIVES));
        play.ask("take", 1);
        play.now += 5_000;
        int asked = 1_000 + dice.nextInt(20_000);
        play.ask("answered", 0, "429", "0", Integer.toString(asked));
        QuotaAnswer held = play.ask("take", 2, "somebody");
        assertThat(held.granted()).isFalse();
        assertThat(held.waitMillis()).isEqualTo(asked);
        play.ask("answered", 0, "429", "0", "");
        assertThat(play.ask("take", 3).waitMillis()).isEqualTo(60_000);
    }
}
