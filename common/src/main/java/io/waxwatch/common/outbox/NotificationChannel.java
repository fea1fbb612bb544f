package io.waxwatch.common.outbox;

import java.util.Locale;

/** How a collector hears of an event. */
public enum NotificationChannel {
    EMAIL,
    REALTIME;

    /** As stored and sent: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
