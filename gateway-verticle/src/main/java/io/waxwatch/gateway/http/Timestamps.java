package io.waxwatch.gateway.http;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Instants as the contract prints them: ISO 8601 in UTC, six digits of fraction, none when it is zero. */
public final class Timestamps {

    private Timestamps() {}

    /** With the suffix {@code Z}: everywhere but in the two places below. */
    public static String utc(OffsetDateTime time) {
        return print(time, "Z");
    }

    /** With the suffix {@code +00:00}: in cursors and in the answer to a sign-out. */
    public static String offset(OffsetDateTime time) {
        return print(time, "+00:00");
    }

    // By hand: a list of 50 rules prints 200 of these, and DateTimeFormatter takes ten times as long.
    private static String print(OffsetDateTime time, String suffix) {
        LocalDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
        var text = new StringBuilder(32);
        padded(text, utc.getYear(), 4).append('-');
        padded(text, utc.getMonthValue(), 2).append('-');
        padded(text, utc.getDayOfMonth(), 2).append('T');
        padded(text, utc.getHour(), 2).append(':');
        padded(text, utc.getMinute(), 2).append(':');
        padded(text, utc.getSecond(), 2);
        int micros = utc.getNano() / 1000;
        if (micros != 0) {
            padded(text.append('.'), micros, 6);
        }
        return text.append(suffix).toString();
    }

    private static StringBuilder padded(StringBuilder text, int number, int digits) {
        int limit = 1;
        for (int i = 1; i < digits; i++) {
            limit *= 10;
        }
        for (int bound = limit; bound > 1 && number < bound; bound /= 10) {
            text.append('0');
        }
        return text.append(number);
    }
}
