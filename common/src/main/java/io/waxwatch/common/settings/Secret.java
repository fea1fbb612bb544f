package io.waxwatch.common.settings;

import java.util.Objects;

/**
 * A text that must never be logged: printing it shows only that it is there.
 *
 * @param reveal the secret itself; name the call where it is used, and keep what it returns out of messages
 */
public record Secret(String reveal) {

    static final String REDACTED = "***redacted***";

    public Secret {
        Objects.requireNonNull(reveal, "reveal");
    }

    @Override
    public String toString() {
        return REDACTED;
    }
}
