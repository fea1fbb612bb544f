package io.waxwatch.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.RedisAddress;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.testing.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisBucketsTest {

    private static final List<Ask> ASKS = List.of(new Ask("key", RateLimitScope.SEARCH, new Limit(100, 1)));

    private final TestRedis redis = new TestRedis();
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean silent;

    @AfterEach
    void stop() {
        TestNode.await(vertx.close());
        redis.close();
    }

    /** Stands before the real one; while it is silent it accepts connections and says nothing on them, ever. */
    private RedisAddress mutable() {
        NetServer server = TestNode.await(vertx.createNetServer()
                .connectHandler(client -> {
                    accepted.incrementAndGet();
                    open.incrementAndGet();
                    client.closeHandler(closed -> open.decrementAndGet());
                    if (!silent) {
                        join(client);
                    }
                })
                .listen(0, "127.0.0.1"));
        return RedisAddress.parse("redis://127.0.0.1:" + server.actualPort() + "/0");
    }

    private void join(NetSocket client) {
        client.pause();
        vertx.createNetClient()
                .connect(URI.create(redis.url()).getPort(), "127.0.0.1")
                .onFailure(away -> client.close())
                .onSuccess(real -> {
                    client.closeHandler(closed -> {
                        open.decrementAndGet();
                        real.close();
                    });
                    real.closeHandler(closed -> client.close());
                    client.pipeTo(real);
                    real.pipeTo(client);
                    client.resume();
                });
    }

    @Test
    void comes_back_to_a_redis_that_accepted_and_said_nothing() {
        silent = true;
        var outage = new RedisOutage("throttle");
        var dialer = new RedisDialer(vertx, mutable(), Optional.empty(), "throttle");
        var buckets = new RedisBuckets(vertx, dialer, Duration.ofSeconds(10), outage);
        vertx.runOnContext(go -> buckets.start());
        TestNode.eventually("tried again and again", 60_000, () -> accepted.get() >= 3);
        assertThat(outage.isOn()).isTrue();
        TestNode.eventually("no attempt outlives the next", 20_000, () -> open.get() <= 1);

        silent = false;
        TestNode.eventually("back", 60_000, () -> !outage.isOn());
        assertThat(TestNode.await(buckets.take(ASKS)).isAllowed()).isTrue();
        TestNode.eventually("only the good one is left", 20_000, () -> open.get() == 1);
        TestNode.await(buckets.close());
        TestNode.eventually("none is left", 20_000, () -> open.get() == 0);
    }
}
