package io.waxwatch.provider.discogs.accountlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Seals as the former system does: github.com/fernet/spec. */
final class Fernet {

    private Fernet() {}

    /** @param key 32 bytes */
    static String seal(byte[] key, String plain) {
        try {
            byte[] iv = new byte[16];
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, 16, 16, "AES"), new IvParameterSpec(iv));
            byte[] text = cipher.doFinal(plain.getBytes(StandardCharsets.UTF_8));
            ByteBuffer token = ByteBuffer.allocate(25 + text.length + 32)
                    .put((byte) 0x80)
                    .putLong(0)
                    .put(iv)
                    .put(text);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, 0, 16, "HmacSHA256"));
            token.put(mac.doFinal(Arrays.copyOf(token.array(), token.position())));
            return Base64.getUrlEncoder().encodeToString(token.array());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
