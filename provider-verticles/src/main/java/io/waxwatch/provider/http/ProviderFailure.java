package io.waxwatch.provider.http;

import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a provider gave no usable answer. It is never to be read as "no results".
 *
 * <p>The message is safe to show: it holds no secret, no address and no part of the provider's body. There is no stack
 * trace, for a failure is an outcome here and not a defect.
 */
public final class ProviderFailure extends RuntimeException {

    /** What a caller may have to tell apart. */
    public enum Kind {
        /** 429: the provider's quota is used up. Never retried here; see {@link ProviderFailure#retryAfter()}. */
        RATE_LIMITED,
        /** 5xx, a broken or refused connection, or no free connection of ours. */
        UNAVAILABLE,
        /** No complete answer within the deadline of the attempt. */
        TIMEOUT,
        /** Not sent: too many failures lately. */
        BREAKER_OPEN,
        /** An answer that cannot be trusted: not JSON, another shape, too large, or a filter that was ignored. */
        INVALID_BODY,
        /** The provider refused this request (4xx other than 401 and 429, or a redirect). Asking again will not help. */
        REJECTED,
        /** Missing or refused credentials. */
        UNAUTHORIZED
    }

    private final Kind kind;
    private final ErrorType errorType;
    private final Integer statusCode;
    private final Duration retryAfter;

    private ProviderFailure(
            Kind kind, ErrorType errorType, String publicText, Integer statusCode, Duration retryAfter) {
        super(publicText, null, false, false);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.errorType = Objects.requireNonNull(errorType, "errorType");
        this.statusCode = statusCode;
        this.retryAfter = retryAfter;
    }

    /** A failure without a status of its own. */
    public static ProviderFailure of(Kind kind, ErrorType errorType, String publicText) {
        return new ProviderFailure(kind, errorType, publicText, null, null);
    }

    /** A body that cannot be used; it counts against the upstream. */
    public static ProviderFailure invalidBody(String publicText) {
        return of(Kind.INVALID_BODY, ErrorType.INVALID_BODY, publicText);
    }

    /** The same failure with the HTTP status it came with. */
    public ProviderFailure withStatus(int status) {
        return new ProviderFailure(kind, errorType, getMessage(), status, retryAfter);
    }

    /** The same failure with the pause that the provider, or our own breaker, asks for. */
    public ProviderFailure withRetryAfter(Duration pause) {
        return new ProviderFailure(kind, errorType, getMessage(), statusCode, pause);
    }

    /** The same failure with another public text. */
    public ProviderFailure withText(String publicText) {
        return new ProviderFailure(kind, errorType, publicText, statusCode, retryAfter);
    }

    /** As whoever asked for us is told: unavailable, in the public text. */
    public Failure toFailure() {
        return new Failure(FailureKind.UNAVAILABLE, publicText(), this);
    }

    /** The cause as whoever asked for us is told; what is no failure of a provider stays as it is. */
    public static Throwable told(Throwable cause) {
        return cause instanceof ProviderFailure failure ? failure.toFailure() : cause;
    }

    public Kind kind() {
        return kind;
    }

    /** The bounded code for metric labels. */
    public ErrorType errorType() {
        return errorType;
    }

    /** The HTTP status, when there was one. */
    public OptionalInt statusCode() {
        return statusCode == null ? OptionalInt.empty() : OptionalInt.of(statusCode);
    }

    /** How long to leave the provider alone, already capped. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Text for a user or an operator; same as {@link #getMessage()}. */
    public String publicText() {
        return getMessage();
    }

    /** Whether the upstream is to blame: only these failures count towards opening its breaker. */
    public boolean upstreamFault() {
        return errorType.upstreamFault();
    }

    /** Whether another attempt may end differently. 429 is not: the quota is gone until the provider says otherwise. */
    boolean worthRetrying() {
        return errorType.worthRetrying();
    }
}
