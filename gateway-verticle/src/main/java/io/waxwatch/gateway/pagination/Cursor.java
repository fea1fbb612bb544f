package io.waxwatch.gateway.pagination;

import io.waxwatch.gateway.http.Timestamps;
import io.waxwatch.gateway.http.Uuids;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The last row of a page: the next one starts below it. Written as URL-safe base64 with padding of
 * {@code <created_at>|<id>}.
 *
 * @param createdAt in UTC, exact to the microsecond
 */
public record Cursor(OffsetDateTime createdAt, UUID id) {

    public String encode() {
        String text = Timestamps.offset(createdAt) + "|" + id;
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Empty for anything that is not a cursor; the instant may end in {@code +00:00}, {@code Z} or no offset (UTC). */
    public static Optional<Cursor> decode(String text) {
        try {
            // The lenient decoder would take unpadded text, which the contract refuses.
            if (text.isEmpty() || text.length() % 4 != 0) {
                return Optional.empty();
            }
            String plain = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)))
                    .toString();
            int bar = plain.indexOf('|');
            if (bar < 0) {
                return Optional.empty();
            }
            OffsetDateTime createdAt = instant(plain.substring(0, bar));
            return createdAt.getYear() < 1 || createdAt.getYear() > 9999
                    ? Optional.empty()
                    : Uuids.parse(plain.substring(bar + 1)).map(id -> new Cursor(createdAt, id));
        } catch (IllegalArgumentException | CharacterCodingException | DateTimeException undecodable) {
            return Optional.empty();
        }
    }

    private static OffsetDateTime instant(String text) {
        var parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        OffsetDateTime time =
                parsed instanceof OffsetDateTime given ? given : ((LocalDateTime) parsed).atOffset(ZoneOffset.UTC);
        return time.withOffsetSameInstant(ZoneOffset.UTC);
    }
}
