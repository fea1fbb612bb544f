package io.waxwatch.gateway.auth;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/**
 * A token by what its header says, before anything of it is proven.
 *
 * @param text all of it, as it came
 * @param algorithm {@code alg}
 * @param type {@code typ}; null for none
 * @param keyId {@code kid}; null for none
 * @param critical what it says one has to understand ({@code crit}); null for nothing
 */
record Token(String text, String algorithm, String type, String keyId, Object critical) {

    /** @throws IllegalArgumentException if the text has no header of a token */
    static Token parse(String text) {
        int end = text.indexOf('.');
        if (end < 0) {
            throw new IllegalArgumentException("no token");
        }
        try {
            JsonObject header = json(text.substring(0, end));
            String algorithm = text(header, "alg");
            if (algorithm == null) {
                throw new IllegalArgumentException("no algorithm");
            }
            return new Token(text, algorithm, text(header, "typ"), text(header, "kid"), header.getValue("crit"));
        } catch (DecodeException unreadable) {
            throw new IllegalArgumentException(unreadable);
        }
    }

    private static String text(JsonObject header, String name) {
        Object value = header.getValue(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new IllegalArgumentException(name + " is no text");
    }

    private static JsonObject json(String part) {
        return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(part)));
    }

    /** Whether it has three parts, none of them empty. */
    boolean isSigned() {
        int header = text.indexOf('.');
        int claims = text.indexOf('.', header + 1);
        return claims > header + 1 && text.indexOf('.', claims + 1) < 0 && claims < text.length() - 1;
    }

    /** What is signed. */
    String signedPart() {
        return text.substring(0, text.lastIndexOf('.'));
    }

    /** @throws IllegalArgumentException if it is not in Base64 */
    byte[] signature() {
        return Base64.getUrlDecoder().decode(text.substring(text.lastIndexOf('.') + 1));
    }

    /**
     * The claims; trust them only once a key has signed them.
     *
     * @throws IllegalArgumentException if they are not in Base64
     * @throws DecodeException if they are no JSON object
     */
    JsonObject claims() {
        String signed = signedPart();
        return json(signed.substring(signed.indexOf('.') + 1));
    }
}
