package io.waxwatch.provider.http;

/** The closed set of error codes in the metric label {@code error_type}, and what each of them sets off. */
public enum ErrorType {
    TIMEOUT("timeout", true, true),
    CONNECTION("connection", true, true),
    SERVER_ERROR("server_error", true, true),
    RATE_LIMITED("rate_limited", true, false),
    INVALID_BODY("invalid_body", true, false),
    BODY_TOO_LARGE("body_too_large", true, false),
    /** A 200 that says that it ignored a filter of ours: our request is at fault, so the breaker does not count it. */
    REQUEST_IGNORED("request_ignored", false, false),
    CLIENT_ERROR("client_error", false, false),
    /** A 500 to a question that somebody typed, which may say more about the question than about the service. */
    QUERY_ERROR("query_error", false, false),
    UNAUTHORIZED("unauthorized", false, false),
    BREAKER_OPEN("breaker_open", false, false),
    /** All connections of ours are busy and the queue for them is full. */
    POOL_EXHAUSTED("pool_exhausted", false, false);

    private final String code;
    private final boolean upstreamFault;
    private final boolean worthRetrying;

    ErrorType(String code, boolean upstreamFault, boolean worthRetrying) {
        this.code = code;
        this.upstreamFault = upstreamFault;
        this.worthRetrying = worthRetrying;
    }

    /** The label value. */
    public String code() {
        return code;
    }

    boolean upstreamFault() {
        return upstreamFault;
    }

    boolean worthRetrying() {
        return worthRetrying;
    }
}
