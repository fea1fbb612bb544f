package io.waxwatch.gateway.auth;

/** Whom a route lets in, of those with a good token. */
public enum Access {
    /** Everybody whose account is active, or who has none. */
    USER,
    /** The same, and who has deactivated the account. */
    ALSO_INACTIVE,
    /** Of the users, those whose token names an administrator. */
    ADMIN
}
