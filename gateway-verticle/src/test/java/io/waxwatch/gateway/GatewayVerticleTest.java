package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.gateway.http.SlowClients;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayVerticleTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 15, 30, 60, 300})
    void the_server_gives_no_connection_up_before_its_time(int heartbeatSeconds) {
        assertThat(GatewayVerticle.idleSeconds(Duration.ofSeconds(heartbeatSeconds)))
                .isGreaterThan((int) SlowClients.KEEP_ALIVE.toSeconds())
                .isGreaterThan(2 * heartbeatSeconds);
    }
}
