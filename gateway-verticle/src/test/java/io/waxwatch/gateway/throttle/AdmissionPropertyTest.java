package io.waxwatch.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.RedisAddress;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Nobody gets more than burst + rate x time out of any bucket, and a refusal costs nothing: for any order of requests by two
 * principals in one or two scopes, over one node or several, also while a clock steps back.
 */
class AdmissionPropertyTest {

    private static final RateLimitScope WIDE = RateLimitScope.GLOBAL_AUTHENTICATED;
    private static final RateLimitScope NARROW = RateLimitScope.SEARCH;

    private static TestRedis redis;
    private static Vertx vertx;
    private static List<Redis> nodes;
    private static int run;

    /**
     * One request.
     *
     * @param pauseMillis since the one before; may be negative
     */
    record Step(long pauseMillis, int node, int principal, boolean inBothScopes) {}

    record Limits(Limit wide, Limit narrow) {
        Limit of(RateLimitScope scope) {
            return scope == WIDE ? wide : narrow;
        }
    }

    @BeforeContainer
    static void start() {
        redis = new TestRedis();
        vertx = Vertx.vertx();
        nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(Redis.createClient(vertx, redis.url()));
        }
    }

    @AfterContainer
    static void stop() {
        TestNode.await(vertx.close());
        redis.close();
    }

    @Provide
    Arbitrary<Limits> limits() {
        Arbitrary<Limit> limit = Combinators.combine(
                        Arbitraries.integers().between(1, 600),
                        Arbitraries.integers().between(0, 20))
                .as((rpm, burst) -> new Limit(rpm / 20 + 1 + burst, rpm / 60.0));
        return Combinators.combine(limit, limit).as(Limits::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> pause = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.longs().between(0, 50)),
                net.jqwik.api.Tuple.of(2, Arbitraries.longs().between(0, 5_000)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(-3_000, 0)));
        return Combinators.combine(
                        pause,
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(120);
    }

    @Property(tries = 300)
    void on_one_node(@ForAll("limits") Limits limits, @ForAll("steps") List<Step> steps) {
        var now = new AtomicLong();
        var buckets = new LocalBuckets(now::get);
        play(limits, steps, (asks, step, nowMillis) -> {
            now.set(nowMillis * 1_000_000);
            return buckets.take(asks);
        });
    }

    @Property(tries = 60)
    void on_many_nodes(@ForAll("limits") Limits limits, @ForAll("steps") List<Step> steps) {
        play(limits, steps, (asks, step, nowMillis) -> {
            Request call = BucketScript.whole(asks, nowMillis);
            return TestNode.await(nodes.get(step.node()).send(call).map(answer -> BucketScript.decision(answer, asks)));
        });
    }

    @Property(tries = 60)
    void on_one_node_that_loses_the_shared_buckets_on_the_way(
            @ForAll("limits") Limits limits,
            @ForAll("steps") List<Step> steps,
            @ForAll @IntRange(max = 120) int before) {
        var now = new AtomicLong();
        var buckets = new LocalBuckets(now::get);
        var taken = new AtomicInteger();
        play(limits, steps, (asks, step, nowMillis) -> {
            now.set(nowMillis * 1_000_000);
            if (taken.getAndIncrement() >= before) {
                return buckets.take(asks);
            }
            Request call = BucketScript.whole(asks, nowMillis);
            Decision decision =
                    TestNode.await(nodes.get(0).send(call).map(answer -> BucketScript.decision(answer, asks)));
            buckets.follow(asks, decision);
            return decision;
        });
    }

    private interface Gate {
        Decision take(List<Ask> asks, Step step, long nowMillis);
    }

    private static void play(Limits limits, List<Step> steps, Gate gate) {
        String prefix = "run" + run++ + ':';
        Map<String, Integer> admitted = new HashMap<>();
        long now = 1_000_000;
        long earliest = now;
        long latest = now;
        for (Step step : steps) {
            now += step.pauseMillis();
            earliest = Math.min(earliest, now);
            latest = Math.max(latest, now);
            List<Ask> asks = asks(prefix, limits, step);
            Decision decision = gate.take(asks, step, now);
            if (decision.isAllowed()) {
                asks.forEach(ask -> admitted.merge(ask.key(), 1, Integer::sum));
            } else {
                assertThat(decision.waitMillis()).isPositive();
            }
            for (int i = 0; i < asks.size(); i++) {
                Limit limit = asks.get(i).limit();
                double most = limit.capacity() + limit.perSecond() * (latest - earliest) / 1000.0;
                int used = admitted.getOrDefault(asks.get(i).key(), 0);
                assertThat((double) used).isLessThanOrEqualTo(most + 1e-3);
                assertThat(decision.left().get(i)).isBetween(-1e-6, Math.min(limit.capacity(), most - used) + 1e-3);
            }
        }
    }

    private static List<Ask> asks(String prefix, Limits limits, Step step) {
        var asks = new ArrayList<Ask>();
        for (RateLimitScope scope : step.inBothScopes() ? List.of(WIDE, NARROW) : List.of(WIDE)) {
            asks.add(new Ask(prefix + scope + step.principal(), scope, limits.of(scope)));
        }
        return asks;
    }

    /** The real clock of Redis and real simultaneity: bounded by the time that passed for us, which is longer. */
    @Property(tries = 10)
    void at_the_same_time_from_many_nodes(@ForAll("limits") Limits limits) {
        List<Ask> asks = asks("run" + run++ + ':', limits, new Step(0, 0, 0, false));
        List<RedisBuckets> gateways =
                nodes.stream().map(node -> buckets(new RedisOutage("throttle"))).toList();
        TestNode.await(Future.all(gateways.stream().map(RedisBuckets::start).toList()));
        long began = System.nanoTime();
        List<Future<Decision>> decisions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            gateways.forEach(gateway -> decisions.add(gateway.take(asks)));
        }
        TestNode.await(Future.all(decisions));
        double seconds = (System.nanoTime() - began) / 1e9;
        long admitted =
                decisions.stream().filter(one -> one.result().isAllowed()).count();
        Limit limit = limits.wide();
        assertThat((double) admitted).isLessThanOrEqualTo(limit.capacity() + limit.perSecond() * seconds + 1);
        assertThat(admitted).isGreaterThanOrEqualTo(Math.min(300, limit.capacity()));
        TestNode.await(Future.all(gateways.stream().map(RedisBuckets::close).toList()));
    }

    @net.jqwik.api.Example
    void a_gateway_that_knows_no_script_brings_it_along() {
        var outage = new RedisOutage("throttle");
        var gateway = buckets(outage);
        TestNode.await(gateway.start());
        TestNode.await(nodes.get(0).send(Request.cmd(Command.SCRIPT).arg("FLUSH")));
        var asks = List.of(new Ask("script", WIDE, new Limit(1, 0.001)));
        assertThat(TestNode.await(gateway.take(asks)).isAllowed()).isTrue();
        assertThat(TestNode.await(gateway.take(asks)).isAllowed()).isFalse();
        assertThat(outage.isOn()).isFalse();
        TestNode.await(gateway.close());
    }

    private static RedisBuckets buckets(RedisOutage outage) {
        var dialer = new RedisDialer(vertx, RedisAddress.parse(redis.url()), Optional.empty(), "throttle");
        return new RedisBuckets(vertx, dialer, Duration.ofSeconds(10), outage);
    }
}
