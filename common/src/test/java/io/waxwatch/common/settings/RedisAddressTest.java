package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisAddressTest {

    @ParameterizedTest
    @CsvSource({
        "redis://h, h, 6379, 0, false, redis://h:6379/0",
        "redis://h/, h, 6379, 0, false, redis://h:6379/0",
        "redis://h:1/2, h, 1, 2, false, redis://h:1/2",
        "rediss://u:s3cr3t@h/15, h, 6379, 15, true, rediss://h:6379/15",
        "redis://:s3cr3t@[::1]:7/0, ::1, 7, 0, false, redis://[::1]:7/0",
    })
    void reads_every_common_form(String text, String host, int port, int database, boolean tls, String printed) {
        RedisAddress address = RedisAddress.parse(text);

        assertThat(address).isEqualTo(new RedisAddress(text, host, port, database, tls));
        assertThat(address).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            http://:s3cr3t@h       | does not start with redis:// or rediss://; write redis://host:6379/0
            redis://:s3cr3t@       | names no host; write redis://host:6379/0
            redis://:s3 cr3t@h     | is not a URL; write redis://host:6379/0, and percent-encode special characters in the password
            redis://:s3cr3t@h:0    | names an impossible port; write one from 1 to 65535
            redis://:s3cr3t@h/zero | names a database that is not a number; write redis://host:6379/0
            """)
    void names_the_part_that_is_wrong_and_not_the_secret(String text, String message) {
        assertThatThrownBy(() -> RedisAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void keeps_the_password_for_the_client_only() {
        RedisAddress address = RedisAddress.parse("redis://:s3cr3t@h");

        assertThat(address.connectionString()).contains("s3cr3t");
        assertThat(address.toString()).doesNotContain("s3cr3t");
    }
}
