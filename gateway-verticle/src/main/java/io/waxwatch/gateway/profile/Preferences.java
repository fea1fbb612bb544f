package io.waxwatch.gateway.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;

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

    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("preferences");
        JsonOut.text(json, "timezone", timezone);
        JsonOut.text(json, "currency", currency);
        json.writeBooleanField("notifications_email", email);
        json.writeBooleanField("notifications_push", push);
        JsonOut.whole(json, "quiet_hours_start", quietHoursStart);
        JsonOut.whole(json, "quiet_hours_end", quietHoursEnd);
        JsonOut.text(json, "notification_timezone", notificationTimezone);
        JsonOut.text(json, "delivery_frequency", deliveryFrequency);
        json.writeEndObject();
    }
}
