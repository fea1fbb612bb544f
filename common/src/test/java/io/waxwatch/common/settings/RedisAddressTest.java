package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.settings.RedisAddress.Login;
import io.waxwatch.common.settings.RedisAddress.Node;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisAddressTest {

    @ParameterizedTest
    @CsvSource({
        "redis://h, h, 6379, 0, false, redis://h:6379/0",
        "redis://h/, h, 6379, 0, false, redis://h:6379/0",
        "redis://h:1/2, h, 1, 2, false, redis://h:1/2",
        "redis://h?db=3, h, 6379, 3, false, redis://h:6379/3",
        "rediss://u:s3cr3t@h/15, h, 6379, 15, true, rediss://h:6379/15",
        "REDISS://h, h, 6379, 0, true, rediss://h:6379/0",
        "redis://:s3cr3t@[::1]:7/0, ::1, 7, 0, false, redis://[::1]:7/0",
    })
    void reads_every_common_form(String text, String host, int port, int database, boolean tls, String printed) {
        RedisAddress address = RedisAddress.parse(text);

        assertThat(address.nodes()).containsExactly(new Node(host, port));
        assertThat(address.master()).isEmpty();
        assertThat(address.database()).isEqualTo(database);
        assertThat(address.tls()).isEqualTo(tls);
        assertThat(address).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            redis://h                          | - | -
            redis://:p@h                       | - | p
            redis://u:p@h                      | u | p
            redis://u@h                        | u | -
            redis://:a+b@h                     | - | a+b
            redis://:a%2Bb@h                   | - | a+b
            redis://:a%40b%3Ac%2Fd%25@h        | - | a@b:c/d%
            redis://:a@b/c@h                   | - | a@b/c
            redis://u%40x:p@h                  | u@x | p
            redis://h/0?user=u&password=a+b%26 | u | a+b&
            """)
    void reads_a_password_as_its_owner_meant_it(String text, String user, String password) {
        Login login = RedisAddress.parse(text).login();

        assertThat(login.user()).isEqualTo(Optional.ofNullable(user));
        assertThat(login.password().map(Secret::reveal)).isEqualTo(Optional.ofNullable(password));
    }

    @Test
    void reads_sentinels_and_the_name_of_their_master() {
        RedisAddress address = RedisAddress.parse("rediss+sentinel://u:p+1@a,b:7,[::1]:8/mymaster/2");

        assertThat(address.nodes()).isEqualTo(List.of(new Node("a", 26_379), new Node("b", 7), new Node("::1", 8)));
        assertThat(address.master()).hasValue("mymaster");
        assertThat(address.database()).isEqualTo(2);
        assertThat(address.tls()).isTrue();
        assertThat(address.login()).isEqualTo(new Login(Optional.of("u"), Optional.of(new Secret("p+1"))));
        assertThat(address.sentinelLogin()).isEqualTo(new Login(Optional.empty(), Optional.of(new Secret("p+1"))));
        assertThat(address).hasToString("rediss+sentinel://a:26379,b:7,[::1]:8/mymaster/2");

        RedisAddress apart =
                RedisAddress.parse("redis-sentinel://:p@a/mymaster?sentinel_user=s&sentinel_password=q&db=3");
        assertThat(apart.sentinelLogin()).isEqualTo(new Login(Optional.of("s"), Optional.of(new Secret("q"))));
        assertThat(apart.login()).isEqualTo(new Login(Optional.empty(), Optional.of(new Secret("p"))));
        assertThat(apart.database()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            http://:s3cr3t@h       | does not start with redis://, rediss:// or redis+sentinel://; write redis://host:6379/0
            redis://:s3cr3t@       | names no host; write redis://host:6379/0, and percent-encode '?' and '#' in the password
            redis://:s3cr3t?@h     | names no host; write redis://host:6379/0, and percent-encode '?' and '#' in the password
            redis://:s3 cr3t@h     | holds a blank or a control character; percent-encode it, as %20
            redis://:s3cr3t%w@h    | has a '%' in the password that encodes nothing; write it as %25
            redis://:s3cr3t@h:0    | names an impossible port; write one from 1 to 65535
            redis://:s3cr3t        | names no host; write redis://host:6379/0, and percent-encode '?' and '#' in the password
            redis://u:s3cr3t       | names an impossible port; write one from 1 to 65535
            redis://:s3cr3t@h h    | holds a blank or a control character; percent-encode it, as %20
            redis://:s3cr3t@h#s3   | has a host with a character that no host has; write redis://host:6379/0, and an IPv6 host in brackets
            redis://:s3cr3t@[::1   | has an IPv6 host without its closing bracket; write [::1]:6379
            redis://:s3cr3t@h/zero | names a database that is not a number; write redis://host:6379/0
            redis://:s3cr3t@a,b/0  | names several hosts; write one, or for Sentinels redis+sentinel://host1:26379,host2:26379/mymaster/0
            redis+sentinel://:s3cr3t@a,b | does not name the master; write redis+sentinel://host1:26379,host2:26379/mymaster/0
            """)
    void names_the_part_that_is_wrong_and_not_the_secret(String text, String message) {
        assertThatThrownBy(() -> RedisAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    @Test
    void keeps_the_password_out_of_urls_and_prints() {
        RedisAddress address = RedisAddress.parse("redis+sentinel://u:s3cr3t@h/m?sentinel_password=s3cr3t2");

        assertThat(address.url(address.nodes().get(0))).isEqualTo("redis://h:26379");
        assertThat(address + " " + address.login() + address.sentinelLogin()).doesNotContain("s3cr3t");
    }
}
