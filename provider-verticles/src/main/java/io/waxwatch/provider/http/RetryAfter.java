package io.waxwatch.provider.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The {@code Retry-After} header, as seconds or as an HTTP date. */
public final class RetryAfter {

    private RetryAfter() {}

    /** Never negative, never above the cap; empty for what is neither form. */
    public static Optional<Duration> parse(String header, Clock clock, Duration cap) {
        if (header == null || header.isBlank()) {
            return Optional.empty();
        }
        String value = header.trim();
        return seconds(value).or(() -> date(value, clock)).map(pause -> clamp(pause, cap));
    }

    private static Optional<Duration> seconds(String value) {
        try {
            double seconds = Double.parseDouble(value);
            if (Double.isNaN(seconds)) {
                return Optional.empty();
            }
            // The cast saturates, so "1e300" is only a very long pause, to be capped.
            return Optional.of(Duration.ofMillis((long) Math.min(seconds * 1000, Long.MAX_VALUE / 2d)));
        } catch (NumberFormatException notSeconds) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> date(String value, Clock clock) {
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(clock.instant(), until));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    private static Duration clamp(Duration pause, Duration cap) {
        if (pause.isNegative()) {
            return Duration.ZERO;
        }
        return pause.compareTo(cap) > 0 ? cap : pause;
    }
}
