package io.waxwatch.provider.http;

import java.util.List;

/** The closed set of error codes in the metric label {@code error_type}, and what each of them sets off. */
public enum ErrorType {
    TIMEOUT("timeout", true, true, OutboundMetrics.NO_STATUS),
    CONNECTION("connection", true, true, OutboundMetrics.NO_STATUS),
    SERVER_ERROR("server_error", true, true, "500", "502", "503", "504"),
    /** The quota's business: the breaker does not count it. */
    RATE_LIMITED("rate_limited", false, false, "429"),
    /** Not sent: our own share of the marketplace's quota is spent for now. */
    QUOTA("quota", false, false, OutboundMetrics.NO_STATUS),
    INVALID_BODY("invalid_body", true, false, "200"),
    BODY_TOO_LARGE("body_too_large", true, false, OutboundMetrics.NO_STATUS),
    /** A 200 that says that it ignored a filter of ours: our request is at fault, so the breaker does not count it. */
    REQUEST_IGNORED("request_ignored", false, false, "200"),
    CLIENT_ERROR("client_error", false, false, "400", "403", "404"),
    /** A 500 to a question that somebody typed, which may say more about the question than about the service. */
    QUERY_ERROR("query_error", false, false, "500"),
    UNAUTHORIZED("unauthorized", false, false, "401"),
    BREAKER_OPEN("breaker_open", false, false, OutboundMetrics.NO_STATUS),
    /** All connections of ours are busy and the queue for them is full. */
    POOL_EXHAUSTED("pool_exhausted", false, false, OutboundMetrics.NO_STATUS);

    private final String code;
    private final boolean upstreamFault;
    private final boolean worthRetrying;
    private final List<String> statusCodes;

    ErrorType(String code, boolean upstreamFault, boolean worthRetrying, String... statusCodes) {
        this.code = code;
        this.upstreamFault = upstreamFault;
        this.worthRetrying = worthRetrying;
        this.statusCodes = List.of(statusCodes);
    }

    /** The label value. */
    public String code() {
        return code;
    }

    /** The values of the metric label {@code status_code} that usually come with it. */
    public List<String> statusCodes() {
        return statusCodes;
    }

    boolean upstreamFault() {
        return upstreamFault;
    }

    boolean worthRetrying() {
        return worthRetrying;
    }
}
