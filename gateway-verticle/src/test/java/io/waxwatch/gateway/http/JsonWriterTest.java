package io.waxwatch.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    private static String written(JsonOut.Body body) {
        return JsonOut.of(body).toString(StandardCharsets.UTF_8);
    }

    /** Characters of all lengths in UTF-8, and those that JSON cannot have as they are. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> characters = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 0x7f).map(Character::toString),
                Arbitraries.integers().between(0x80, 0xd7ff).map(Character::toString),
                Arbitraries.integers().between(0xe000, 0x10ffff).map(Character::toString),
                Arbitraries.of("\"", "\\", "\u0000", "\u001f", "\u007f", "\u2028"));
        Arbitrary<String> few = characters.list().ofMaxSize(40).map(each -> String.join("", each));
        // Longer than what is written at once, so that characters of two halves stand at every end.
        Arbitrary<String> many = Combinators.combine(few, Arbitraries.integers().between(0, 300), few)
                .as((start, times, end) -> start + (end + "\ud83d\ude00").repeat(times));
        return Arbitraries.oneOf(few, many);
    }

    @Property(tries = 500)
    void writes_texts_as_jackson_does(@ForAll("texts") String text, @ForAll("texts") String other) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartArray();
            json.writeString(text);
            json.writeString(other);
            json.writeEndArray();
        }
        assertThat(JsonOut.of(json -> {
                            json.startArray();
                            json.text(text);
                            json.text(other);
                            json.endArray();
                        })
                        .toString(StandardCharsets.UTF_8))
                .isEqualTo(bytes.toString(StandardCharsets.UTF_8));
    }

    @Property
    void writes_numbers_ids_and_times_as_they_print(
            @ForAll long number,
            @ForAll double decimal,
            @ForAll BigDecimal money,
            @ForAll long most,
            @ForAll long least) {
        var id = new UUID(most, least);
        assertThat(written(json -> {
                    json.startObject();
                    json.number("number", number);
                    json.decimal("decimal", decimal);
                    json.money("money", money);
                    json.uuid("id", id);
                    json.endObject();
                }))
                .isEqualTo("{\"number\":" + number + ",\"decimal\":" + decimal + ",\"money\":" + money + ",\"id\":\""
                        + id + "\"}");
    }

    @Provide
    Arbitrary<OffsetDateTime> times() {
        return Combinators.combine(
                        Arbitraries.longs().between(-62_000_000_000L, 253_000_000_000L),
                        Arbitraries.oneOf(
                                Arbitraries.of(0),
                                Arbitraries.integers().between(0, 999_999).map(micros -> micros * 1000)),
                        Arbitraries.integers().between(-18, 18))
                .as((seconds, nanos, hours) ->
                        java.time.Instant.ofEpochSecond(seconds, nanos).atOffset(ZoneOffset.ofHours(hours)));
    }

    @Property
    void writes_times_as_the_standard_formatter_does(@ForAll("times") OffsetDateTime time) {
        String pattern = time.getNano() == 0 ? "uuuu-MM-dd'T'HH:mm:ss" : "uuuu-MM-dd'T'HH:mm:ss.SSSSSS";
        String expected = DateTimeFormatter.ofPattern(pattern).format(time.withOffsetSameInstant(ZoneOffset.UTC));
        assertThat(written(json -> {
                    json.startObject();
                    json.time("at", time);
                    json.endObject();
                }))
                .isEqualTo("{\"at\":\"" + expected + "Z\"}");
        assertThat(Timestamps.offset(time)).isEqualTo(expected + "+00:00");
    }

    @Test
    void writes_a_year_of_five_digits() {
        assertThat(Timestamps.utc(OffsetDateTime.of(12026, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC)))
                .isEqualTo("12026-01-02T03:04:05Z");
        assertThat(Timestamps.utc(OffsetDateTime.of(7, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC)))
                .isEqualTo("0007-01-02T03:04:05Z");
    }

    @Property(tries = 200)
    void puts_commas_and_grows(
            @ForAll @Size(max = 60) List<@net.jqwik.api.constraints.StringLength(max = 900) String> items) {
        var expected = new JsonArray();
        items.forEach(item -> expected.add(new JsonObject()
                .put("a", item)
                .put("b", new JsonArray().add(item).add(item))
                .putNull("c")));
        assertThat(new JsonArray(JsonOut.of(JsonOut.list(items, (json, item) -> {
                    json.startObject();
                    json.text("a", item);
                    json.startArray("b");
                    json.text(item);
                    json.text(item);
                    json.endArray();
                    json.text("c", null);
                    json.endObject();
                }))))
                .isEqualTo(expected);
    }

    @Test
    void writes_null_where_there_is_nothing() {
        assertThat(written(json -> {
                    json.startObject();
                    json.text("a", null);
                    json.uuid("b", null);
                    json.time("c", null);
                    json.whole("d", null);
                    json.money("e", null);
                    json.decimal("f", null);
                    json.raw("g", null);
                    json.nothing("h");
                    json.bool("i", true);
                    json.startObject("j");
                    json.endObject();
                    json.startArray("k");
                    json.text((String) null);
                    json.endArray();
                    json.endObject();
                }))
                .isEqualTo("{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null,\"f\":null,\"g\":null,\"h\":null,"
                        + "\"i\":true,\"j\":{},\"k\":[null]}");
    }

    @Test
    void takes_stored_json_of_any_length_as_it_is() {
        for (int length : new int[] {0, 1, 16_383, 16_384, 16_385, 100_000}) {
            String stored = "[\"" + "ü".repeat(length / 2) + "\"]";
            assertThat(written(json -> {
                        json.startObject();
                        json.raw("query", stored);
                        json.raw("again", stored);
                        json.endObject();
                    }))
                    .isEqualTo("{\"query\":" + stored + ",\"again\":" + stored + "}");
        }
    }

    @Test
    void a_body_within_a_body_and_one_that_fails_disturb_nobody() {
        assertThat(written(json -> {
                    json.startObject();
                    json.raw("inner", written(inner -> {
                        inner.startArray();
                        inner.text("x");
                        inner.endArray();
                    }));
                    assertThatThrownBy(() -> written(failing -> {
                                failing.startArray();
                                throw new IllegalStateException("broken");
                            }))
                            .hasMessage("broken");
                    json.bool("outer", false);
                    json.endObject();
                }))
                .isEqualTo("{\"inner\":[\"x\"],\"outer\":false}");
    }
}
