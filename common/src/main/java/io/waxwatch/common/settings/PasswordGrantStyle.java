package io.waxwatch.common.settings;

/** In which form the issuer takes a password. */
public enum PasswordGrantStyle {
    /** JSON, the grant type in the query, an API key in a header. */
    SUPABASE,
    /** The form of OAuth 2 (RFC 6749, section 4.3). */
    OIDC
}
