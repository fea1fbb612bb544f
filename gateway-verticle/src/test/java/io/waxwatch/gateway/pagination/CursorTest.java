package io.waxwatch.gateway.pagination;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CursorTest {

    private static final UUID ID = UUID.fromString("2d6b0a0f-9ca4-4094-b8d6-8294b446f3bd");

    @Property
    void what_is_encoded_is_decoded(
            @ForAll @LongRange(min = -60_000_000_000L, max = 250_000_000_000L) long seconds,
            @ForAll @LongRange(max = 999_999) long micros,
            @ForAll long high,
            @ForAll long low) {
        var cursor =
                new Cursor(Instant.ofEpochSecond(seconds, micros * 1000).atOffset(ZoneOffset.UTC), new UUID(high, low));
        assertThat(Cursor.decode(cursor.encode())).contains(cursor);
    }

    @Property
    void anything_else_is_no_cursor_and_no_fault(@ForAll String text) {
        Cursor.decode(text).ifPresent(cursor -> assertThat(cursor.id()).isNotNull());
        Cursor.decode(encoded(text)).ifPresent(cursor -> assertThat(cursor.id()).isNotNull());
    }

    @Test
    void is_written_and_read_as_the_contract_says() {
        var cursor = new Cursor(OffsetDateTime.parse("2030-01-01T00:00:00Z"), ID);
        assertThat(cursor.encode()).isEqualTo(encoded("2030-01-01T00:00:00+00:00|" + ID));
        for (String time : new String[] {"2030-01-01T00:00:00+00:00", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00"}) {
            assertThat(Cursor.decode(encoded(time + "|" + ID))).contains(cursor);
        }
        assertThat(Cursor.decode(cursor.encode().replace("=", ""))).isEmpty();
        assertThat(Cursor.decode("")).isEmpty();
        assertThat(Cursor.decode(encoded("+999999999-01-01T00:00:00Z|" + ID))).isEmpty();
        assertThat(Cursor.decode(encoded("2030-01-01T00:00:00Z"))).isEqualTo(Optional.empty());
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
