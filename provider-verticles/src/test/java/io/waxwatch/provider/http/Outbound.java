package io.waxwatch.provider.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.waxwatch.common.outbound.OutboundAnswer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the tests of the clients share. */
public final class Outbound {

    private Outbound() {}

    /** Fast enough for a test: pauses of a few milliseconds. */
    public static OutboundOptions.Builder fast(String provider, URI base) {
        return OutboundOptions.to(provider, base)
                .attemptTimeout(Duration.ofSeconds(2))
                .retries(4, Duration.ofMillis(2), Duration.ofMillis(10))
                .breaker(50, Duration.ofMinutes(1), Duration.ofSeconds(30));
    }

    /** The failure that a future ends with. */
    public static ProviderFailure failureOf(Future<?> future) {
        Throwable thrown = catchThrowable(() -> future.await(10, SECONDS));
        assertThat(thrown).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    /** Keeps every call. */
    public static final class Recorded implements CallRecorder {
        public final List<ProviderCall> calls = new CopyOnWriteArrayList<>();

        @Override
        public void record(ProviderCall call) {
            calls.add(call);
        }
    }

    /** Keeps every count as one text. */
    public static final class Counted implements OutboundMetrics {
        public final List<String> results = new CopyOnWriteArrayList<>();
        public final List<String> failures = new CopyOnWriteArrayList<>();
        public final List<BreakerState> states = new CopyOnWriteArrayList<>();

        @Override
        public void result(String provider, Outcome outcome, String statusCode) {
            results.add(outcome.code() + " " + statusCode);
        }

        @Override
        public void failure(String provider, String statusCode, ErrorType errorType) {
            failures.add(errorType.code() + " " + statusCode);
        }

        @Override
        public void breaker(String provider, BreakerState state) {
            states.add(state);
        }
    }

    /** A quota that answers what it is told to, and keeps what it was asked. */
    public static final class Asked implements CallQuota {
        public final List<CallPurpose> purposes = new CopyOnWriteArrayList<>();
        public final List<Duration> patience = new CopyOnWriteArrayList<>();
        public final List<OutboundAnswer> answers = new CopyOnWriteArrayList<>();
        public volatile Future<Void> answer = Future.succeededFuture();

        @Override
        public Future<Void> admit(CallPurpose purpose, Duration patient) {
            purposes.add(purpose);
            patience.add(patient);
            return answer;
        }

        @Override
        public void answered(OutboundAnswer told) {
            answers.add(told);
        }
    }
}
