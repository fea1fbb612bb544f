package io.waxwatch.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class KeptJsonTest {

    private static final String TEXT =
            "{\"a\":[1.10,{\"b\":12345678901234567890.50,\"c\":null}],\"d\":true,\"e\":\"\u00e9\",\"f\":7}";

    @Test
    void what_is_read_and_written_is_the_same() {
        assertThat(new JsonObject(KeptJson.object(TEXT)).encode()).isEqualTo(TEXT);
    }

    @Test
    void a_number_of_any_length_is_read() {
        String digits = "9".repeat(5000) + ".5";
        assertThat(KeptJson.object("{\"n\":" + digits + "}").get("n")).hasToString(digits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\"a\"", "{", "{\"a\":NaN}"})
    void what_is_no_object_is_refused(String text) {
        assertThatThrownBy(() -> KeptJson.object(text)).isInstanceOf(DecodeException.class);
    }

    @Test
    void counts_the_bytes_that_postgresql_makes_of_it() {
        try (var node = TestNode.start(Role.PROVIDER)) {
            for (String text : List.of(
                    "{}",
                    TEXT,
                    "{\"n\":1E+308}",
                    "{\"n\":-1.5e-300}",
                    "{\"n\":[1e20,1.0,100,-7,0.00]}",
                    "{\"q\\\"uote\":\"line\\nbreak\"}")) {
                Map<String, Object> read = KeptJson.object(text);
                // Its text has a blank behind each colon and comma that is not within a string.
                long stored = node.count(
                        "SELECT octet_length(replace(replace($1::jsonb::text, ': ', ':'), ', ', ','))::bigint",
                        new JsonObject(read));
                assertThat(KeptJson.bytes(read)).as(text).isEqualTo(stored);
                assertThat(KeptJson.bytes(new JsonObject(read))).isEqualTo(stored);
            }
        }
        assertThat(KeptJson.bytes(1E+308)).isEqualTo(309);
    }
}
