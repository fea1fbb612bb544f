package io.waxwatch.common.secrets;

import io.vertx.core.Future;
import java.util.UUID;

/**
 * Seals what lets us act for a user with somebody else, before it is stored. Futures, because a key service is a call away.
 *
 * <p>A sealed text is an envelope of its own kind: {@code enc:<version>:…}. The version names the format and with it who can
 * open it: {@code v1} is the Fernet envelope of an adopted database, {@code v2} is {@link LocalTokenCipher}'s. A cipher whose
 * key never leaves a key service is another implementation with the next version; it opens older ones by asking this one.
 */
public interface TokenCipher {

    /** How every envelope begins. */
    String PREFIX = "enc:";

    /**
     * Seals a text.
     *
     * @param owner whose it is: an envelope copied to another user's row does not open
     */
    Future<String> seal(String plain, UUID owner);

    /** Opens an envelope; fails with {@link Unreadable} when it is broken, somebody else's or sealed with another key. */
    Future<String> open(String envelope, UUID owner);

    /** Whether a stored text is an envelope of whatever version; anything else is plain text of an adopted database. */
    static boolean isEnvelope(String stored) {
        return stored.startsWith(PREFIX);
    }

    /** An envelope that does not open. The message holds nothing of it. */
    final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }
}
