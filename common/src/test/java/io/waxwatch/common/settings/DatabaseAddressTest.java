package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.settings.DatabaseAddress.SslMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    private static final DatabaseAddress PLAIN =
            new DatabaseAddress("db.example", 5432, "wax", "ann", "pw", SslMode.PREFER, Optional.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://ann:pw@db.example/wax",
                "postgresql://ann:pw@db.example:5432/wax",
                "postgresql+psycopg://ann:pw@db.example/wax",
                "postgres+asyncpg://ann:pw@db.example/wax",
                "PostgreSQL://ann:pw@db.example/wax",
                "postgresql://ann:pw@db.example/wax?",
                "postgresql://ann:pw@db.example/wax?application_name=x&sslmode=prefer",
                "postgresql://ignored:too@ignored/ignored?host=db.example&port=5432&dbname=wax&user=ann&password=pw",
                "postgresql://%61nn:p%77@db%2Eexample/w%61x"
            })
    void reads_every_common_form(String text) {
        assertThat(DatabaseAddress.parse(text)).isEqualTo(PLAIN);
    }

    @Test
    void decodes_percent_but_leaves_plus_alone() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://a%40b:p%3A%2F%3F%23%25+%C3%A9@h/my%20db%2Fx");

        assertThat(address.user()).isEqualTo("a@b");
        assertThat(address.password()).isEqualTo("p:/?#%+é");
        assertThat(address.database()).isEqualTo("my db/x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p@ss", "p/ss", "p:ss", "a@b@c"})
    void understands_a_password_that_should_have_been_encoded_where_it_is_clear(String password) {
        assertThat(DatabaseAddress.parse("postgresql://ann:" + password + "@db.example/wax")
                        .password())
                .isEqualTo(password);
    }

    @Test
    void fills_in_what_is_left_out() {
        assertThat(DatabaseAddress.parse("postgresql://ann@"))
                .isEqualTo(new DatabaseAddress("localhost", 5432, "ann", "ann", "", SslMode.PREFER, Optional.empty()));
    }

    @Test
    void reads_an_ipv6_host() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://ann@[::1]:6432/wax");

        assertThat(address.host()).isEqualTo("::1");
        assertThat(address.port()).isEqualTo(6432);
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:6432/wax?sslmode=prefer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann@/wax?host=/var/run/postgresql",
                "postgresql://ann@%2Fvar%2Frun%2Fpostgresql/wax",
                "postgresql+psycopg://ann@localhost/wax?host=%2Fvar%2Frun%2Fpostgresql&port=5432"
            })
    void reads_the_folder_of_a_unix_socket(String text) {
        DatabaseAddress address = DatabaseAddress.parse(text);

        assertThat(address.socketDirectory()).contains("/var/run/postgresql");
        assertThat(address.host()).isEqualTo("localhost");
        assertThat(address.port()).isEqualTo(5432);
        assertThat(address.toString()).isEqualTo("postgresql://ann@/var/run/postgresql:5432/wax?sslmode=prefer");
        assertThatThrownBy(address::jdbcUrl)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("DATABASE_URL names a unix socket; JDBC needs a host and a port");
    }

    @ParameterizedTest
    @EnumSource(SslMode.class)
    void reads_every_sslmode(SslMode mode) {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://ann:pw@h/wax?sslmode=" + mode.text());

        assertThat(address.sslMode()).isEqualTo(mode);
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://h:5432/wax?sslmode=" + mode.text());
    }

    @Test
    void encodes_the_database_for_jdbc() {
        assertThat(DatabaseAddress.parse("postgresql://ann:pw@h/a%20b%2Bc%3Fd").jdbcUrl())
                .isEqualTo("jdbc:postgresql://h:5432/a%20b%2Bc%3Fd?sslmode=prefer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            mysql://u:s3cr3t@h/d                | does not start with postgresql:// or postgres://; write postgresql://user:password@host:5432/database
            u:s3cr3t@h/d                        | does not start with postgresql:// or postgres://; write postgresql://user:password@host:5432/database
            postgresql://:s3cr3t@h/d            | names no user; write postgresql://user:password@host:5432/database
            postgresql://h/d                    | names no user; write postgresql://user:password@host:5432/database
            postgresql://u:s3cr3t@h:0/d         | has an impossible port; write one from 1 to 65535
            postgresql://u:s3cr3t@h:65536/d     | has an impossible port; write one from 1 to 65535
            postgresql://u:s3cr3t@h:/d          | has an impossible port; write one from 1 to 65535
            postgresql://u:s3cr3t@h/d?port=x    | has an impossible port; write one from 1 to 65535
            postgresql://u:s3cr3t@h/d/e         | has a '/' in the database name; write it as %2F
            postgresql://u:s3cr3t@h/d?sslmode=y | has an unknown sslmode; write disable, allow, prefer, require, verify-ca or verify-full
            postgresql://u:s3cr3t@h/d?sslmode   | has a parameter without a value; write ?sslmode=require
            postgresql://u:s3cr3t@h/d#f         | holds a '#'; write it as %23
            postgresql://u:s3cr3t%@h/d          | has a '%' in the password that encodes nothing; write it as %25
            postgresql://u%zz:s3cr3t@h/d        | has a '%' in the user that encodes nothing; write it as %25
            postgresql://u:s3cr3t%ff@h/d        | has a percent-encoded password that is not UTF-8
            postgresql://u:s3cr3t%00@h/d        | has a zero byte in the password; PostgreSQL takes none
            postgresql://u:s3cr3t@[::1/d        | has an IPv6 host without its closing bracket; write [::1]:5432
            postgresql://u:s3cr3t@[x]/d         | has a host in brackets that is not an IPv6 address; write [::1]
            postgresql://u:s3cr3t@::1/d         | has more than one ':' in the host; write an IPv6 host as [::1]
            postgresql://u:s3cr3t@a,b/d         | has a host with a character that no host has; percent-encode '@', ':', '/' and '?' in the password
            """)
    void names_the_part_that_is_wrong_and_not_the_secret(String text, String message) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message)
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void prints_everything_but_the_password() {
        assertThat(PLAIN.toString()).isEqualTo("postgresql://ann@db.example:5432/wax?sslmode=prefer");
        assertThat(PLAIN.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:5432/wax?sslmode=prefer");
    }
}
