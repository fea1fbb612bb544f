package io.waxwatch.gateway.sessions;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.digests.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * 32 random bytes that only the browser keeps. The session's name in the database and the key of what is stored under it are both
 * derived from them, so that a copy of the database opens no session, and no key has to be kept here.
 */
final class SessionSecret {

    private static final int BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final byte[] secret;
    private final byte[] id;

    private SessionSecret(byte[] secret) {
        this.secret = secret;
        this.id = derived(secret, "waxwatch session id");
    }

    static SessionSecret fresh(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new SessionSecret(secret);
    }

    /** Empty if the cookie was not made here. */
    static Optional<SessionSecret> of(String cookie) {
        return cookie != null && COOKIE.matcher(cookie).matches()
                ? Optional.of(new SessionSecret(Base64.getUrlDecoder().decode(cookie)))
                : Optional.empty();
    }

    String cookie() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** The session's name, which tells nothing about the secret. */
    Buffer id() {
        return Buffer.buffer(id);
    }

    /** Encrypts with AES-256-GCM: nonce, then text and tag. */
    Buffer seal(SessionTokens tokens, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed =
                crypt(Cipher.ENCRYPT_MODE, nonce, tokens.toJson().toBuffer().getBytes());
        return Buffer.buffer(nonce).appendBytes(sealed);
    }

    SessionTokens open(Buffer sealed) {
        byte[] bytes = sealed.getBytes();
        byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
        byte[] text = crypt(Cipher.DECRYPT_MODE, nonce, Arrays.copyOfRange(bytes, NONCE_BYTES, bytes.length));
        return SessionTokens.of(new JsonObject(Buffer.buffer(text)));
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            var key = new SecretKeySpec(derived(secret, "waxwatch session key"), "AES");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id);
            return cipher.doFinal(text);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("a stored session cannot be opened", damaged);
        }
    }

    private static byte[] derived(byte[] secret, String purpose) {
        return Digests.sha256(purpose.getBytes(StandardCharsets.US_ASCII), secret);
    }

    /** For maps: two secrets of one session are equal. */
    ByteBuffer key() {
        return ByteBuffer.wrap(id).asReadOnlyBuffer();
    }
}
