package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;

/**
 * What names one state of a body: the first 128 bits of its SHA-256, so that equal names mean equal bodies. Marked weak,
 * because compression on the way changes the bytes but not what they say.
 */
record EntityTag(String text) {

    private static final int BYTES = 16;
    private static final String WEAK = "W/";

    static EntityTag of(Buffer body) {
        byte[] start = Digests.sha256(body).getBytes(0, BYTES);
        return new EntityTag(
                WEAK + '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + '"');
    }

    /** @param condition the value of {@code If-None-Match}; null for none */
    boolean isAmong(String condition) {
        if (condition == null) {
            return false;
        }
        String opaque = text.substring(WEAK.length());
        for (String each : condition.split(",")) {
            String tag = each.strip();
            if (tag.equals("*") || tag.equals(opaque) || tag.equals(text)) {
                return true;
            }
        }
        return false;
    }
}
