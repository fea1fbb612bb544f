package io.waxwatch.gateway.users;

import io.waxwatch.gateway.auth.Caller;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A user's address as it is stored, and what a token changes about it. The later token is right: an older one, still good on another
 * device, must not bring an address back that the user has given up.
 *
 * @param issuedAt of the token that it is from; null when that did not tell, or is from before we asked
 */
record KnownEmail(String address, EmailSource source, Instant issuedAt) {

    /** Good enough to send a mail to; whether it is the user's own is the issuer's business. */
    private static final Pattern SENDABLE = Pattern.compile("[^@\\s\\x00]{1,64}@[^@\\s\\x00]{1,255}");

    /** What stands in the column of the address when there is none. */
    static String madeUp(UUID userId) {
        return "dev+" + userId + "@waxwatch.dev";
    }

    /** Of a user who is seen for the first time. */
    static KnownEmail first(Caller caller) {
        return named(caller)
                ? new KnownEmail(
                        caller.emailRefuted() ? madeUp(caller.userId()) : caller.email(),
                        caller.emailRefuted() ? EmailSource.UNVERIFIED : EmailSource.ISSUER,
                        caller.issuedAt())
                : new KnownEmail(madeUp(caller.userId()), EmailSource.NONE, null);
    }

    /** What it becomes by this token; itself when nothing changes. */
    KnownEmail after(Caller caller) {
        if (!named(caller) || !isNewer(caller)) {
            return this;
        }
        boolean same = caller.email().equals(address);
        if (!caller.emailRefuted()) {
            return same && source == EmailSource.ISSUER ? this : first(caller);
        }
        if (!source.isReal()) {
            return source == EmailSource.UNVERIFIED ? this : first(caller);
        }
        return same || source == EmailSource.KEPT ? this : new KnownEmail(address, EmailSource.KEPT, caller.issuedAt());
    }

    private boolean isNewer(Caller caller) {
        return issuedAt == null
                || (caller.issuedAt() != null && caller.issuedAt().isAfter(issuedAt));
    }

    private static boolean named(Caller caller) {
        return caller.email() != null && SENDABLE.matcher(caller.email()).matches();
    }
}
