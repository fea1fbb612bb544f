package io.waxwatch.provider.ebay.accountdeletion;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the header {@code X-EBAY-SIGNATURE} says: base64 of a JSON object. Its {@code alg} and {@code digest} are not heeded: how a
 * signature is judged is not for its sender to say.
 *
 * @param keyId eBay's name of the key, good for a path as it is
 * @param bytes the signature, in ASN.1 DER if it is one
 */
record NotificationSignature(String keyId, byte[] bytes) {

    /** eBay's are UUIDs; what else it might send must be harmless in a path, and short. */
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final int MAX_HEADER = 4096;

    /** Reads the header's value; empty when it is none, or not of this form. */
    static Optional<NotificationSignature> parse(String header) {
        if (header == null || header.length() > MAX_HEADER) {
            return Optional.empty();
        }
        try {
            if (Json.decodeValue(Buffer.buffer(decode(header))) instanceof JsonObject told
                    && told.getValue("kid") instanceof String keyId
                    && KEY_ID.matcher(keyId).matches()
                    && told.getValue("signature") instanceof String signature) {
                return Optional.of(new NotificationSignature(keyId, decode(signature)));
            }
            return Optional.empty();
        } catch (IllegalArgumentException | DecodeException malformed) {
            return Optional.empty();
        }
    }

    /**
     * Whether this is the key's signature of a message: of its bytes as they came, or of its compact form, which is what eBay's own
     * kit judges, and what is left when somebody on the way has laid the JSON out anew. Of one that is not even a signature the answer
     * is no.
     */
    boolean isOf(Buffer message, PublicKey key) {
        return isOf(message.getBytes(), key)
                || compact(message).map(text -> isOf(text, key)).orElse(false);
    }

    private boolean isOf(byte[] message, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance("SHA1withECDSA");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(bytes);
        } catch (GeneralSecurityException noSignature) {
            return false;
        }
    }

    private static Optional<byte[]> compact(Buffer message) {
        try {
            return Json.decodeValue(message) instanceof JsonObject object
                    ? Optional.of(object.encode().getBytes(StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (DecodeException noJson) {
            return Optional.empty();
        }
    }

    /** Either alphabet, with or without padding: eBay's own kit takes all of them. */
    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text.strip().replace('+', '-').replace('/', '_'));
    }
}
