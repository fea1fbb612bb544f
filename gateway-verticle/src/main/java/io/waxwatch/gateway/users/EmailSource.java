package io.waxwatch.gateway.users;

import java.util.Locale;

/** Where a user's address is from. Only the first two are addresses that mail is sent to; with the others it is made up. */
public enum EmailSource {
    /** The issuer names it. */
    ISSUER,
    /** The issuer named it; now it names another that it says is not verified. */
    KEPT,
    /** The issuer has named none that a mail can be sent to. */
    NONE,
    /** The issuer names one that it says is not verified. */
    UNVERIFIED,
    /** It is another account's now, as a later token has it. */
    SUPERSEDED;

    /** Whether a mail may be sent to the address. */
    public boolean isReal() {
        return this == ISSUER || this == KEPT;
    }

    /** In the database and in the API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for none of ours */
    public static EmailSource of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
