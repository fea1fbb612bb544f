package io.waxwatch.provider.http;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.outbound.OutboundFailure;
import io.waxwatch.common.outbound.OutboundFailure.Reason;
import io.waxwatch.common.outbound.OutboundTransport;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The innermost link: sends an attempt, and says what its end means. */
final class TransportSender implements CallSender {

    private static final Logger log = LoggerFactory.getLogger(TransportSender.class);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAUTHORIZED = 401;
    private static final int SERVER_ERROR = 500;

    private final OutboundTransport transport;
    private final Duration retryAfterCap;
    private final Clock clock;

    /** @param retryAfterCap upper bound of what a {@code Retry-After} header may ask for */
    TransportSender(OutboundTransport transport, Duration retryAfterCap, Clock clock) {
        this.transport = transport;
        this.retryAfterCap = retryAfterCap;
        this.clock = clock;
    }

    @Override
    public <T> Future<CallResult<T>> send(CallAttempt<T> attempt) {
        return transport
                .send(attempt.call().request())
                .map(answer -> read(attempt, answer))
                .otherwise(cause -> CallResult.unanswered(withoutAnswer(attempt.call(), cause)));
    }

    private <T> CallResult<T> read(CallAttempt<T> attempt, OutboundAnswer answer) {
        OutboundCall call = attempt.call();
        if (!answer.isSuccess()) {
            return CallResult.refused(answer, refusal(call, answer));
        }
        try {
            return CallResult.success(answer, attempt.reader().read(answer));
        } catch (ProviderFailure useless) {
            return CallResult.refused(answer, useless.withStatus(answer.status()));
        } catch (RuntimeException unreadable) {
            log.warn(
                    "provider.answer.unreadable",
                    kv("call", call.label()),
                    kv("endpoint", call.path()),
                    kv("exception_type", unreadable.getClass().getName()));
            return CallResult.refused(
                    answer,
                    ProviderFailure.invalidBody(call.label() + " unreadable response")
                            .withStatus(answer.status()));
        }
    }

    private ProviderFailure refusal(OutboundCall call, OutboundAnswer answer) {
        int status = answer.status();
        String text = call.label() + " error " + status;
        ProviderFailure failure;
        if (status == TOO_MANY_REQUESTS) {
            failure = ProviderFailure.of(Kind.RATE_LIMITED, ErrorType.RATE_LIMITED, text);
        } else if (status == UNAUTHORIZED) {
            failure = ProviderFailure.of(Kind.UNAUTHORIZED, ErrorType.UNAUTHORIZED, text);
        } else if (status == SERVER_ERROR && call.doubtful()) {
            failure = ProviderFailure.of(Kind.REJECTED, ErrorType.QUERY_ERROR, text);
        } else if (status >= SERVER_ERROR) {
            failure = ProviderFailure.of(Kind.UNAVAILABLE, ErrorType.SERVER_ERROR, text);
        } else {
            failure = ProviderFailure.of(Kind.REJECTED, ErrorType.CLIENT_ERROR, text);
        }
        ProviderFailure complete = failure.withStatus(status);
        Optional<Duration> pause = RetryAfter.parse(answer.header("Retry-After"), clock, retryAfterCap);
        return pause.map(complete::withRetryAfter).orElse(complete);
    }

    /** The cause's own text stays out: it can name addresses. */
    private static ProviderFailure withoutAnswer(OutboundCall call, Throwable cause) {
        Reason reason = cause instanceof OutboundFailure failure ? failure.reason() : Reason.CONNECTION;
        return switch (reason) {
            case BODY_TOO_LARGE ->
                ProviderFailure.of(Kind.INVALID_BODY, ErrorType.BODY_TOO_LARGE, call.label() + " response too large");
            case DEADLINE ->
                ProviderFailure.of(Kind.TIMEOUT, ErrorType.TIMEOUT, call.label() + " network error: timeout");
            case NO_FREE_CONNECTION ->
                ProviderFailure.of(
                        Kind.UNAVAILABLE,
                        ErrorType.POOL_EXHAUSTED,
                        call.label() + " network error: no free connection");
            case CONNECTION ->
                ProviderFailure.of(
                        Kind.UNAVAILABLE, ErrorType.CONNECTION, call.label() + " network error: connection failed");
        };
    }
}
