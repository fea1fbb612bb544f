package io.waxwatch.gateway.auth;

import io.waxwatch.gateway.http.ApiException;

/** There are no keys to verify with. The message is for the log, and names the address that was asked. */
final class KeysAway extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final String told;

    /**
     * @param told for the caller, in the contract's words
     * @param reason for the operator
     */
    KeysAway(String told, String reason) {
        super(reason, null, false, false);
        this.told = told;
    }

    ApiException refusal() {
        return ApiException.unavailable(told, RETRY_AFTER_SECONDS);
    }
}
