package io.waxwatch.common.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartupTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger attempts = new AtomicInteger();
    private final Startup startup = new Startup(Duration.ofMinutes(1), now::get);

    @AfterEach
    void close() {
        TestNode.await(vertx.close());
    }

    private <T> Future<T> run(boolean blocking, Supplier<Future<T>> step) {
        return blocking ? startup.blockUntil("a test", step) : startup.until(vertx, "a test", step);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void does_again_what_fails_or_throws_until_it_succeeds(boolean blocking) {
        Future<String> started = run(blocking, () -> switch (attempts.incrementAndGet()) {
            case 1 -> Future.failedFuture(new IOException("away"));
            case 2 -> throw new IllegalStateException("still away");
            default -> Future.succeededFuture("there");
        });

        assertThat(TestNode.await(started)).isEqualTo("there");
        assertThat(attempts).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gives_up_with_the_last_reason_when_the_time_for_starting_is_over(boolean blocking) {
        Future<String> started = run(blocking, () -> {
            now.addAndGet(Duration.ofSeconds(40).toNanos());
            return Future.failedFuture(new IOException("away " + attempts.incrementAndGet()));
        });

        assertThatThrownBy(() -> TestNode.await(started)).hasMessage("away 2");
        assertThat(attempts).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void does_not_wait_for_settings_to_become_right(boolean blocking) {
        Future<String> started = run(blocking, () -> {
            attempts.incrementAndGet();
            return Future.failedFuture(new InvalidSettings(List.of()));
        });

        assertThatThrownBy(() -> TestNode.await(started)).isInstanceOf(InvalidSettings.class);
        assertThat(attempts).hasValue(1);
    }
}
