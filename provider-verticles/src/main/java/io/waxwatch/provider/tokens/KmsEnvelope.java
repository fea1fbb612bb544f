package io.waxwatch.provider.tokens;

import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.Unreadable;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@code enc:v3:<key name>:<base64>} of: one byte of version (1), two of the wrapped data key's length, the wrapped data key, 12 of nonce,
 * ciphertext and tag. AES-256-GCM; everything before the nonce, the key's name, the user and the provider are associated data.
 *
 * @param keyName the service's key, for who looks for tokens of an older one
 * @param wrapped the data key, for the service alone
 * @param rest nonce, ciphertext and tag
 */
record KmsEnvelope(String keyName, byte[] wrapped, byte[] rest) {

    static final String V3 = TokenCipher.PREFIX + "v3:";

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** The longest that AWS KMS takes back. */
    private static final int MOST_WRAPPED_BYTES = 6144;

    /** Whose, at whom. */
    record Bound(UUID owner, String provider) {}

    static String seal(KeyService.DataKey key, String plain, Bound to, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] head = head(key.wrapped());
        byte[] sealed = gcm(
                Cipher.ENCRYPT_MODE,
                key.plain(),
                nonce,
                associated(key.keyName(), head, to),
                plain.getBytes(StandardCharsets.UTF_8));
        byte[] all = ByteBuffer.allocate(head.length + nonce.length + sealed.length)
                .put(head)
                .put(nonce)
                .put(sealed)
                .array();
        return V3 + key.keyName() + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Fails with {@link Unreadable} on what is none. */
    static KmsEnvelope parse(String text) {
        int colon = text.indexOf(':', V3.length());
        if (!text.startsWith(V3) || colon < 0) {
            throw malformed();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(colon + 1)));
            if (bytes.get() != VERSION) {
                throw malformed();
            }
            int length = Short.toUnsignedInt(bytes.getShort());
            if (length == 0 || length > MOST_WRAPPED_BYTES) {
                throw malformed();
            }
            byte[] wrapped = new byte[length];
            bytes.get(wrapped);
            if (bytes.remaining() < NONCE_BYTES + TAG_BITS / 8) {
                throw malformed();
            }
            byte[] rest = new byte[bytes.remaining()];
            bytes.get(rest);
            return new KmsEnvelope(text.substring(V3.length(), colon), wrapped, rest);
        } catch (IllegalArgumentException | BufferUnderflowException cut) {
            throw malformed();
        }
    }

    String open(byte[] dataKey, Bound to) {
        ByteBuffer bytes = ByteBuffer.wrap(rest);
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        byte[] sealed = new byte[bytes.remaining()];
        bytes.get(sealed);
        return new String(
                gcm(Cipher.DECRYPT_MODE, dataKey, nonce, associated(keyName, head(wrapped), to), sealed),
                StandardCharsets.UTF_8);
    }

    private static byte[] head(byte[] wrapped) {
        return ByteBuffer.allocate(3 + wrapped.length)
                .put(VERSION)
                .putShort((short) wrapped.length)
                .put(wrapped)
                .array();
    }

    private static byte[] associated(String keyName, byte[] head, Bound to) {
        byte[] name = keyName.getBytes(StandardCharsets.UTF_8);
        byte[] provider = to.provider().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(head.length + 16 + 4 + name.length + provider.length)
                .put(head)
                .putLong(to.owner().getMostSignificantBits())
                .putLong(to.owner().getLeastSignificantBits())
                .putInt(name.length)
                .put(name)
                .put(provider)
                .array();
    }

    private static byte[] gcm(int mode, byte[] key, byte[] nonce, byte[] associated, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException refused) {
            throw new Unreadable("unable to decrypt token envelope");
        }
    }

    private static Unreadable malformed() {
        return new Unreadable("malformed encrypted token envelope");
    }

    @Override
    public String toString() {
        return "KmsEnvelope[" + keyName + "]";
    }
}
