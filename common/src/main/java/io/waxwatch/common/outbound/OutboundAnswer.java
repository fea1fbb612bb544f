package io.waxwatch.common.outbound;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * A complete answer, whatever its status.
 *
 * @param status HTTP status
 * @param headers looked up without regard to case
 * @param body decompressed, within the size bound
 */
public record OutboundAnswer(int status, MultiMap headers, Buffer body) {

    private static final int MAX_HEADER = 200;

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** A header cut to 200 characters, or null. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null || value.length() <= MAX_HEADER ? value : value.substring(0, MAX_HEADER);
    }

    /** The header as a whole number, or null when it is absent or something else. */
    public Integer intHeader(String name) {
        String value = header(name);
        if (value == null) {
            return null;
        }
        try {
            return Integer.valueOf(value.trim());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
