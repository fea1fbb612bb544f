package io.waxwatch.gateway.profile;

import io.waxwatch.gateway.http.JsonWriter;

/**
 * How a collector wants to be told.
 *
 * @param timezone of the IANA database; null for none
 * @param currency ISO 4217, upper case; null for none
 * @param quietHoursStart 0..23; null for none
 * @param quietHoursEnd 0..23; null for none
 * @param notificationTimezone in which the quiet hours are meant, when it is not the collector's own; null for none
 * @param deliveryFrequency {@code instant}, {@code hourly} or {@code daily}
 */
record Preferences(
        String timezone,
        String currency,
        boolean email,
        boolean push,
        Integer quietHoursStart,
        Integer quietHoursEnd,
        String notificationTimezone,
        String deliveryFrequency) {

    void write(JsonWriter json) {
        json.startObject("preferences");
        json.text("timezone", timezone);
        json.text("currency", currency);
        json.bool("notifications_email", email);
        json.bool("notifications_push", push);
        json.whole("quiet_hours_start", quietHoursStart);
        json.whole("quiet_hours_end", quietHoursEnd);
        json.text("notification_timezone", notificationTimezone);
        json.text("delivery_frequency", deliveryFrequency);
        json.endObject();
    }
}
