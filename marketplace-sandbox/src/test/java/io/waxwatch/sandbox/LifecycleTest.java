package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    @Test
    void lists_by_itself_when_time_passes() throws Exception {
        var options = SandboxOptions.defaults().withInitialListings(0).withListingEvery(Duration.ofMillis(5));
        try (var box = new RunningSandbox(options)) {
            long deadline = System.nanoTime() + SECONDS.toNanos(5);
            long ticks = 0;
            while (ticks < 4 && System.nanoTime() < deadline) {
                // One more tick by hand tells how many there were.
                ticks = box.control(HttpMethod.POST, "/tick", null).getLong("ticks");
                Thread.sleep(10);
            }
            assertThat(ticks).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void stops_listening_when_closed_and_may_be_closed_twice() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            var sandbox = new MarketplaceSandbox(vertx, SandboxOptions.defaults());
            boolean refused = false;
            // A free port may go to somebody else at once; all of three do not.
            for (int attempt = 0; attempt < 3 && !refused; attempt++) {
                int port = sandbox.start(0).await(5, SECONDS);
                assertThatThrownBy(() -> sandbox.start(0).await(5, SECONDS)).isInstanceOf(IllegalStateException.class);
                sandbox.close().await(5, SECONDS);
                sandbox.close().await(5, SECONDS);
                refused = refuses(port);
            }
            assertThat(refused).isTrue();
            assertThat(sandbox.start(0).await(5, SECONDS)).isPositive();
        } finally {
            vertx.close().await(5, SECONDS);
        }
    }

    private static boolean refuses(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (ConnectException nobodyThere) {
            return true;
        }
    }

    @Test
    void says_that_the_port_is_taken() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            var first = new MarketplaceSandbox(vertx, SandboxOptions.defaults());
            int port = first.start(0).await(5, SECONDS);
            Vertx elsewhere = Vertx.vertx();
            try {
                var second = new MarketplaceSandbox(elsewhere, SandboxOptions.defaults());
                assertThatThrownBy(() -> second.start(port).await(5, SECONDS)).isInstanceOf(BindException.class);
                second.close().await(5, SECONDS);
            } finally {
                elsewhere.close().await(5, SECONDS);
            }
        } finally {
            vertx.close().await(5, SECONDS);
        }
    }
}
