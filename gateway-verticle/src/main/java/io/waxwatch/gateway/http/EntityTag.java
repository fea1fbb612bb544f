package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.digests.Digests;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What names one state of a body: the first 128 bits of its SHA-256, so that equal names mean equal bodies. Marked weak,
 * because compression on the way changes the bytes but not what they say.
 */
record EntityTag(String text) {

    private static final int BYTES = 16;
    private static final String WEAK = "W/";

    /** What compressing proxies write behind a tag of ours: Apache {@code -gzip}, Jetty {@code --gzip}, others {@code ;gzip}. */
    private static final Pattern CODED = Pattern.compile("(?:--?|;)(?:gzip|deflate|br|zstd)\"");

    static EntityTag of(Buffer body) {
        byte[] start = Arrays.copyOf(Digests.sha256(body), BYTES);
        return new EntityTag(
                WEAK + '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + '"');
    }

    /**
     * Compared weakly, and without the name of a coding that a proxy has put behind the tag.
     *
     * @param condition the value of {@code If-None-Match}; null for none
     */
    boolean isAmong(String condition) {
        if (condition == null) {
            return false;
        }
        for (String each : condition.split(",")) {
            if (each.isBlank()) {
                continue;
            }
            String tag = each.strip();
            if (tag.equals("*") || isSame(tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSame(String opaque) {
        String ours = text.substring(WEAK.length());
        String open = ours.substring(0, ours.length() - 1);
        return opaque.equals(ours)
                || (opaque.startsWith(open)
                        && CODED.matcher(opaque.substring(open.length())).matches());
    }
}
