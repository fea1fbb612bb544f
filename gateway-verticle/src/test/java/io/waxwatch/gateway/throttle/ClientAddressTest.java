package io.waxwatch.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    private final ClientAddress clients = new ClientAddress(
            Settings.load(Map.of("TRUSTED_PROXY_CIDRS", "10.0.0.0/8, 192.0.2.7, fd00::/9"), Role.STANDALONE)
                    .get(SettingsCatalog.TRUSTED_PROXY_CIDRS));

    @ParameterizedTest(name = "{0} | {1} | {2} -> {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # peer        | x-forwarded-for               | forwarded                            | client
            198.51.100.1  |                               |                                      | 198.51.100.1
            198.51.100.1  | 203.0.113.9                   | for=203.0.113.9                      | 198.51.100.1
            10.0.0.1      |                               |                                      | 10.0.0.1
            10.0.0.1      | 203.0.113.9                   |                                      | 203.0.113.9
            10.0.0.1      | 1.1.1.1, 203.0.113.9          |                                      | 203.0.113.9
            10.0.0.1      | 1.1.1.1, 203.0.113.9, 10.3.2.1 |                                     | 203.0.113.9
            192.0.2.7     | 203.0.113.9:4711              |                                      | 203.0.113.9
            192.0.2.8     | 203.0.113.9                   |                                      | 192.0.2.8
            10.0.0.1      | 10.0.0.2, 10.0.0.3            |                                      | 10.0.0.2
            10.0.0.1      | 203.0.113.9, garbage          |                                      | 10.0.0.1
            10.0.0.1      | 203.0.113.9, 10.0.0.2, 999.1.1.1 |                                   | 10.0.0.1
            10.0.0.1      | 203.0.113.9, localhost, 10.0.0.2 |                                   | 10.0.0.2
            10.0.0.1      | ,, 203.0.113.9 ,              |                                      | 203.0.113.9
            10.0.0.1      | 2001:db8:1:2:3:4:5:6          |                                      | 20:01:0d:b8:00:01:00:02::/64
            10.0.0.1      | 2001:db8:1:2::1               |                                      | 20:01:0d:b8:00:01:00:02::/64
            10.0.0.1      | [2001:db8:1:2::1]:4711        |                                      | 20:01:0d:b8:00:01:00:02::/64
            10.0.0.1      | ::ffff:203.0.113.9            |                                      | 203.0.113.9
            ::ffff:10.0.0.1 | 203.0.113.9                 |                                      | 203.0.113.9
            fd00::1       | 203.0.113.9                   |                                      | 203.0.113.9
            fd80::1       | 203.0.113.9                   |                                      | fd:80:00:00:00:00:00:00::/64
            fe80::1%eth0  | 203.0.113.9                   |                                      | fe:80:00:00:00:00:00:00::/64
            10.0.0.1      |                               | for=203.0.113.9                      | 203.0.113.9
            10.0.0.1      |                               | for=1.1.1.1, For="203.0.113.9:80";proto=https;by=10.0.0.1 | 203.0.113.9
            10.0.0.1      |                               | proto=http; for="[2001:db8:1:2::1]:80" | 20:01:0d:b8:00:01:00:02::/64
            10.0.0.1      |                               | for=203.0.113.9, for=unknown         | 10.0.0.1
            10.0.0.1      |                               | for=203.0.113.9, for=_hidden         | 10.0.0.1
            10.0.0.1      |                               | for=203.0.113.9, proto=http          | 10.0.0.1
            10.0.0.1      |                               | for="203.0.113.9, for=1.1.1.1        | 10.0.0.1
            10.0.0.1      | 203.0.113.9                   | for=203.0.113.9                      | 203.0.113.9
            10.0.0.1      | 203.0.113.9                   | for=1.1.1.1                          | 10.0.0.1
            """)
    void believes_only_what_our_own_proxies_say(String peer, String list, String forwarded, String client) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        if (list != null) {
            headers.add("x-forwarded-for", list);
        }
        if (forwarded != null) {
            headers.add("forwarded", forwarded);
        }
        assertThat(clients.of(peer, headers)).isEqualTo(client);
    }
}
