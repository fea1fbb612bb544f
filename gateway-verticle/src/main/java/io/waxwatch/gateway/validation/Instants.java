package io.waxwatch.gateway.validation;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lenient instants of a query string: ISO 8601 with or without an offset (then UTC), a bare date, or Unix seconds. */
public final class Instants {

    private static final Pattern UNIX = Pattern.compile("-?[0-9]{1,15}(?:\\.[0-9]{1,9})?");
    /** An unencoded plus sign arrives as a blank. */
    private static final Pattern LOST_PLUS = Pattern.compile("(:[0-9.]+) ([0-9]{2}:?[0-9]{2})$");
    /** Larger numbers are meant in milliseconds: as seconds they lie in the year 2603. */
    private static final BigDecimal MILLISECONDS_FROM = BigDecimal.valueOf(20_000_000_000L);

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withChronology(IsoChronology.INSTANCE)
            // The thirtieth of February is none.
            .withResolverStyle(ResolverStyle.STRICT);

    private Instants() {}

    /** What is no instant is added to the violations, and empty. */
    public static Optional<OffsetDateTime> of(String text, List<?> loc, Violations violations) {
        try {
            OffsetDateTime time = UNIX.matcher(text).matches() ? unix(new BigDecimal(text)) : iso(text.strip());
            if (time.getYear() >= 1 && time.getYear() <= 9999) {
                return Optional.of(time);
            }
        } catch (DateTimeException | ArithmeticException unreadable) {
            // Told below.
        }
        String reason = "it must be ISO 8601 or Unix seconds";
        violations.add(
                "datetime_from_date_parsing",
                loc,
                "Input should be a valid datetime or date, " + reason,
                text,
                new JsonObject().put("error", reason));
        return Optional.empty();
    }

    private static OffsetDateTime unix(BigDecimal number) {
        BigDecimal seconds = number.abs().compareTo(MILLISECONDS_FROM) > 0 ? number.movePointLeft(3) : number;
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        long nanos = seconds.subtract(whole).movePointRight(9).longValue();
        return Instant.ofEpochSecond(whole.longValueExact(), nanos).atOffset(ZoneOffset.UTC);
    }

    private static OffsetDateTime iso(String text) {
        String whole = LOST_PLUS.matcher(text).replaceFirst("$1+$2");
        String parted = whole.length() > 10 && whole.charAt(10) == ' '
                ? whole.substring(0, 10) + 'T' + whole.substring(11)
                : whole;
        var parsed = ISO.parseBest(parted, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (parsed instanceof OffsetDateTime time) {
            return time.withOffsetSameInstant(ZoneOffset.UTC);
        }
        return parsed instanceof LocalDateTime local
                ? local.atOffset(ZoneOffset.UTC)
                : ((LocalDate) parsed).atStartOfDay().atOffset(ZoneOffset.UTC);
    }
}
