package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Fingerprints of bodies. */
public final class Digests {

    private static final int CHUNK = 16 * 1024;

    private Digests() {}

    public static Buffer sha256(Buffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            int length = bytes.length();
            var chunk = new byte[Math.min(length, CHUNK)];
            // In pieces: a large body would be held twice.
            for (int at = 0; at < length; at += chunk.length) {
                int size = Math.min(chunk.length, length - at);
                bytes.getBytes(at, at + size, chunk);
                digest.update(chunk, 0, size);
            }
            return Buffer.buffer(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
