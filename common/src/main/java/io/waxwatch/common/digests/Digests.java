package io.waxwatch.common.digests;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digests that every JVM has, without the exception that none throws. */
public final class Digests {

    private static final int CHUNK = 16 * 1024;

    private Digests() {}

    /** SHA-256 of the parts as if they were one. */
    public static byte[] sha256(byte[]... parts) {
        return digest("SHA-256", parts);
    }

    /** SHA-256 of a text in UTF-8. */
    public static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same in lower-case hex. */
    public static String sha256Hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    /** SHA-256 of a body, without a second copy of it. */
    public static byte[] sha256(Buffer bytes) {
        MessageDigest digest = of("SHA-256");
        int length = bytes.length();
        var chunk = new byte[Math.min(length, CHUNK)];
        for (int at = 0; at < length; at += chunk.length) {
            int size = Math.min(chunk.length, length - at);
            bytes.getBytes(at, at + size, chunk);
            digest.update(chunk, 0, size);
        }
        return digest.digest();
    }

    /** SHA-1, where a standard asks for it: names of scripts in Redis, UUIDs made of names. Never as a protection. */
    public static byte[] sha1(byte[] bytes) {
        return digest("SHA-1", bytes);
    }

    private static byte[] digest(String algorithm, byte[]... parts) {
        MessageDigest digest = of(algorithm);
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has " + algorithm, impossible);
        }
    }
}
