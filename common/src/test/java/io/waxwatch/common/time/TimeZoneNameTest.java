package io.waxwatch.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeZoneNameTest {

    private static final Instant JANUARY = Instant.parse("2026-01-15T12:00:00Z");

    /** Names that browsers give, of today's regions and of older ones, and the offset that is theirs in January. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, +01:00",
        "America/New_York, -05:00",
        "Asia/Calcutta, +05:30",
        "Asia/Kolkata, +05:30",
        "Europe/Kyiv, +02:00",
        "America/Argentina/Buenos_Aires, -03:00",
        "US/Pacific, -08:00",
        "EST5EDT, -05:00",
        "Etc/GMT+5, -05:00",
        "UTC, Z",
        "GMT, Z",
        "EST, -05:00",
        "MST, -07:00",
        "HST, -10:00",
        "ROC, +08:00"
    })
    void knows_the_regions_that_browsers_give(String name, String offset) {
        assertThat(TimeZoneName.read(name))
                .hasValueSatisfying(
                        zone -> assertThat(zone.getRules().getOffset(JANUARY)).isEqualTo(ZoneOffset.of(offset)));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Nope/Zone",
                "SystemV/AST4",
                "SystemV/EST5EDT",
                "SystemV/HST10",
                "+02:00",
                "UTC+2",
                "PST",
                "IST",
                "europe/berlin",
                " Europe/Berlin"
            })
    void knows_nothing_else(String name) {
        assertThat(TimeZoneName.read(name)).isEmpty();
    }
}
