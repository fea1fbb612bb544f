package io.waxwatch.provider.tokens;

import io.vertx.core.Future;
import java.util.UUID;

/**
 * Holds a key that never leaves it, and lends data keys. Every call names the user, and what was wrapped for one is not unwrapped for
 * another. Fails with a {@link io.waxwatch.common.secrets.TokenCipher.Failed}.
 */
interface KeyService {

    /** Bytes of a data key. */
    int DATA_KEY_BYTES = 32;

    /**
     * A new data key.
     *
     * @param plain to be wiped by whoever has it
     * @param wrapped the same, readable by the service alone
     * @param keyName eight characters that name the service's key and tell nothing about it
     */
    record DataKey(byte[] plain, byte[] wrapped, String keyName) {

        @Override
        public String toString() {
            return "DataKey[" + keyName + "]";
        }
    }

    Future<DataKey> generate(UUID owner);

    /** The data key that was wrapped so; to be wiped by whoever asked. */
    Future<byte[]> unwrap(byte[] wrapped, UUID owner);
}
