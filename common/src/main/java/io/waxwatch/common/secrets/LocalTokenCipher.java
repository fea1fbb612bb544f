package io.waxwatch.common.secrets;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with one key that this process holds: {@code enc:v2:<key id>:<base64 of nonce, ciphertext and tag>}. The user
 * id is associated data. The key id is derived from the key, so that a text sealed with another one is told apart from a
 * broken one.
 *
 * <p>Also opens {@code enc:v1:<label>:<Fernet token>}, which the former system sealed with the same key; it bound nothing
 * to the user, so such a text should be sealed anew. Safe for all threads.
 */
public final class LocalTokenCipher implements TokenCipher {

    /** Bytes of a key. */
    public static final int KEY_BYTES = 32;

    private static final String V2 = PREFIX + "v2:";
    private static final String V1 = PREFIX + "v1:";
    private static final String KEY_SERVICE = PREFIX + "v3:";
    /** The size that NIST SP 800-38D recommends; random, so one key is good for some four billion texts. */
    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final String keyId;
    private final byte[] fernetKey;
    private final SecureRandom random = new SecureRandom();

    /** @param key {@value #KEY_BYTES} bytes */
    public LocalTokenCipher(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes");
        }
        this.fernetKey = key.clone();
        // Fernet used the same bytes as two other keys; a key belongs to one algorithm.
        this.key = new SecretKeySpec(hmac(key, "waxwatch token cipher v2"), "AES");
        this.keyId = HexFormat.of().formatHex(hmac(key, "waxwatch token key id"), 0, 4);
    }

    /** Eight characters that name the key and tell nothing about it. */
    public String keyId() {
        return keyId;
    }

    @Override
    public Future<String> seal(String plain, UUID owner) {
        return Future.succeededFuture(plain).map(text -> {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            byte[] sealed = gcm(Cipher.ENCRYPT_MODE, nonce, owner, text.getBytes(StandardCharsets.UTF_8));
            byte[] packed = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return V2 + keyId + ":" + BASE64.encodeToString(packed);
        });
    }

    @Override
    public Future<String> open(String envelope, UUID owner) {
        return Future.succeededFuture(envelope).map(text -> {
            if (text.startsWith(V2)) {
                return openV2(text.substring(V2.length()), owner);
            }
            if (text.startsWith(V1)) {
                // The label may hold colons (it was meant to be an ARN); a Fernet token does not.
                return openFernet(text.substring(text.lastIndexOf(':') + 1));
            }
            if (text.startsWith(KEY_SERVICE)) {
                // Not broken: whoever sets the key service again can read it.
                throw new KeyUnavailable(KeyUnavailable.Reason.GONE);
            }
            throw new Unreadable("malformed encrypted token envelope");
        });
    }

    @Override
    public Future<String> currentPrefix() {
        return Future.succeededFuture(V2 + keyId + ":");
    }

    private String openV2(String text, UUID owner) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new Unreadable("malformed encrypted token envelope");
        }
        if (!text.substring(0, colon).equals(keyId)) {
            throw new Unreadable("the token was sealed with another key");
        }
        byte[] packed = decoded(text.substring(colon + 1));
        if (packed.length < NONCE_BYTES + TAG_BITS / 8) {
            throw new Unreadable("malformed encrypted token envelope");
        }
        byte[] nonce = Arrays.copyOf(packed, NONCE_BYTES);
        return new String(
                gcm(Cipher.DECRYPT_MODE, nonce, owner, Arrays.copyOfRange(packed, NONCE_BYTES, packed.length)),
                StandardCharsets.UTF_8);
    }

    private byte[] gcm(int mode, byte[] nonce, UUID owner, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(ByteBuffer.allocate(16)
                    .putLong(owner.getMostSignificantBits())
                    .putLong(owner.getLeastSignificantBits())
                    .array());
            return cipher.doFinal(input);
        } catch (GeneralSecurityException refused) {
            throw new Unreadable("unable to decrypt token envelope");
        }
    }

    /** Version 0x80, 8 bytes of time, 16 of IV, AES-128-CBC, HMAC-SHA256 of all that: github.com/fernet/spec. */
    private String openFernet(String token) {
        byte[] bytes = decoded(token);
        if (bytes.length < 1 + 8 + 16 + 16 + 32 || bytes[0] != (byte) 0x80) {
            throw new Unreadable("malformed encrypted token envelope");
        }
        int signed = bytes.length - 32;
        byte[] mac = hmac(Arrays.copyOf(fernetKey, 16), Arrays.copyOf(bytes, signed));
        if (!MessageDigest.isEqual(mac, Arrays.copyOfRange(bytes, signed, bytes.length))) {
            throw new Unreadable("unable to decrypt token envelope");
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(fernetKey, 16, 16, "AES"),
                    new IvParameterSpec(bytes, 9, 16));
            return new String(cipher.doFinal(bytes, 25, signed - 25), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException refused) {
            throw new Unreadable("unable to decrypt token envelope");
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new Unreadable("malformed encrypted token envelope");
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        return hmac(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
