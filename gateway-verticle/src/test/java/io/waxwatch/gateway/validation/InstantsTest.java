package io.waxwatch.gateway.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.gateway.http.ApiException;
import java.time.OffsetDateTime;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05.123456z, 2026-01-02T03:04:05.123456Z",
        "2026-01-02T03:04:05+02:00, 2026-01-02T01:04:05Z",
        "2026-01-02T03:04:05-0130, 2026-01-02T04:34:05Z",
        "2026-01-02T03:04:05 02:00, 2026-01-02T01:04:05Z",
        "2026-01-02T03:04:05, 2026-01-02T03:04:05Z",
        "2026-01-02 03:04, 2026-01-02T03:04:00Z",
        "2026-01-02, 2026-01-02T00:00:00Z",
        "1767323045, 2026-01-02T03:04:05Z",
        "1767323045.5, 2026-01-02T03:04:05.5Z",
        "1767323045500, 2026-01-02T03:04:05.5Z",
        "-1.5, 1969-12-31T23:59:58.5Z"
    })
    void reads_an_instant_however_it_is_written(String text, String instant) {
        assertThat(Instants.of(text, List.of("query", "at"), new Violations())).contains(OffsetDateTime.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-13-01",
                "2026-02-30",
                "2026-01-02T25:00",
                "1e9",
                "999999999999999",
                "12026-01-01"
            })
    void reports_what_is_none(String text) {
        var violations = new Violations();
        assertThat(Instants.of(text, List.of("query", "at"), violations)).isEmpty();
        assertThatThrownBy(violations::refuseIfAny)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.details().toString()).contains("datetime_from_date_parsing"));
    }

    @Property
    void no_text_is_a_fault(@ForAll String text) {
        Instants.of(text, List.of(), new Violations());
    }
}
