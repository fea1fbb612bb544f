package io.waxwatch.provider.http;

/**
 * What the outbound clients count. Every label value is from a small set: the provider's wire name, an HTTP status or
 * {@value #NO_STATUS}, and the codes of {@link ErrorType}.
 */
public interface OutboundMetrics {

    /** The status label of an attempt that got no answer. */
    String NO_STATUS = "none";

    /** One attempt ended: {@code waxwatch_provider_call_results_total}. */
    void result(String provider, Outcome outcome, String statusCode);

    /** One attempt failed, or was refused by the breaker: {@code waxwatch_provider_failures_total}. */
    void failure(String provider, String statusCode, ErrorType errorType);

    /** The breaker of a provider's host changed; also called once at the start. */
    void breaker(String provider, BreakerState state);

    /** The label {@code outcome}. */
    enum Outcome {
        SUCCESS("success"),
        ERROR("error");

        private final String code;

        Outcome(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** Whether a host is asked: the value of the breaker's gauge. */
    enum BreakerState {
        /** It is. */
        CLOSED("closed"),
        /** By one call alone, which decides. */
        HALF_OPEN("half_open"),
        /** It is not. */
        OPEN("open");

        private final String wireName;

        BreakerState(String wireName) {
            this.wireName = wireName;
        }

        /** As the API says it. */
        public String wireName() {
            return wireName;
        }
    }

    /** Counts nothing. */
    static OutboundMetrics none() {
        return new OutboundMetrics() {
            @Override
            public void result(String provider, Outcome outcome, String statusCode) {}

            @Override
            public void failure(String provider, String statusCode, ErrorType errorType) {}

            @Override
            public void breaker(String provider, BreakerState state) {}
        };
    }
}
