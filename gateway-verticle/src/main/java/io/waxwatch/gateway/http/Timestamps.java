package io.waxwatch.gateway.http;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Instants as the contract prints them: ISO 8601 in UTC, six digits of fraction, none when it is zero. */
public final class Timestamps {

    private static final int LONGEST = 36;
    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    private Timestamps() {}

    /** With the suffix {@code Z}: everywhere but in the two places below. */
    public static String utc(OffsetDateTime time) {
        return print(time, "Z");
    }

    /** With the suffix {@code +00:00}: in cursors and in the answer to a sign-out. */
    public static String offset(OffsetDateTime time) {
        return print(time, "+00:00");
    }

    private static String print(OffsetDateTime time, String suffix) {
        var bytes = new byte[LONGEST];
        int length = write(time, bytes, 0);
        return new String(bytes, 0, length, StandardCharsets.US_ASCII) + suffix;
    }

    /**
     * Writes the instant as ASCII, without the suffix. By hand: a list of 50 rules prints 200 of these, and
     * DateTimeFormatter takes ten times as long.
     *
     * @return where the next byte goes; at most {@value #LONGEST} bytes further
     */
    static int write(OffsetDateTime time, byte[] into, int from) {
        LocalDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
        int at = padded(into, from, utc.getYear(), 4);
        into[at++] = '-';
        at = padded(into, at, utc.getMonthValue(), 2);
        into[at++] = '-';
        at = padded(into, at, utc.getDayOfMonth(), 2);
        into[at++] = 'T';
        at = padded(into, at, utc.getHour(), 2);
        into[at++] = ':';
        at = padded(into, at, utc.getMinute(), 2);
        into[at++] = ':';
        at = padded(into, at, utc.getSecond(), 2);
        int micros = utc.getNano() / 1000;
        if (micros != 0) {
            into[at++] = '.';
            at = padded(into, at, micros, 6);
        }
        return at;
    }

    private static int padded(byte[] into, int from, int number, int least) {
        int digits = least;
        int rest = Math.abs(number);
        for (int bound = POWERS[least]; rest >= bound && bound > 0; bound *= 10) {
            digits++;
        }
        int at = from;
        if (number < 0) {
            into[at++] = '-';
        }
        for (int i = at + digits - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }
}
