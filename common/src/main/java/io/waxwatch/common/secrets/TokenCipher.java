package io.waxwatch.common.secrets;

import io.vertx.core.Future;
import java.util.UUID;

/**
 * Seals what lets us act for a user with somebody else, before it is stored. Futures, because a key service is a call away.
 *
 * <p>A sealed text is an envelope of its own kind: {@code enc:<version>:…}. The version names the format and with it who can
 * open it: {@code v1} is the Fernet envelope of an adopted database, {@code v2} is {@link LocalTokenCipher}'s, {@code v3} is that
 * of a cipher whose key never leaves a key service; it opens older ones by asking the local one.
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

    /**
     * Opens an envelope; fails with {@link Unreadable} when it is broken, somebody else's or sealed with another local key, and
     * with {@link KeyUnavailable} when its key cannot be used at present.
     */
    Future<String> open(String envelope, UUID owner);

    /** How the envelopes begin that are sealed from now on, up to and with the name of the key: others are sealed with older ones. */
    Future<String> currentPrefix();

    /** Whether a stored text is an envelope of whatever version; anything else is plain text of an adopted database. */
    static boolean isEnvelope(String stored) {
        return stored.startsWith(PREFIX);
    }

    /** Why a token could not be sealed or opened. The message is for operators and for the owner, and holds nothing of the token. */
    abstract sealed class Failed extends RuntimeException permits Unreadable, KeyUnavailable {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message, null, false, false);
        }
    }

    /** An envelope that will never open here: its owner has to link the account anew. */
    final class Unreadable extends Failed {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            super(message);
        }
    }

    /** The key cannot be used at present. Nothing is wrong with the token: whoever needs it waits. */
    final class KeyUnavailable extends Failed {
        private static final long serialVersionUID = 1L;

        private final Reason reason;

        /** What has to happen before it can be used again. */
        public enum Reason {
            /** The key service does not answer, or wants to be left alone: time. */
            AWAY("the key service is away"),
            /** The key service refuses us: an operator's look at credentials and rights. */
            DENIED("the key service denies access to the key"),
            /** The key is disabled, about to be deleted, unknown, or not configured here: an operator's look at the key. */
            GONE("the key that seals tokens is disabled or missing");

            private final String text;

            Reason(String text) {
                this.text = text;
            }

            /** Safe to show to the token's owner. */
            public String text() {
                return text;
            }
        }

        public KeyUnavailable(Reason reason) {
            super(reason.text());
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }
}
