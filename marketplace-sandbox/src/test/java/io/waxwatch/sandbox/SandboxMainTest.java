package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.net.BindException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxMainTest {

    private final Vertx vertx = Vertx.vertx();
    private final Vertx elsewhere = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, SECONDS);
        elsewhere.close().await(5, SECONDS);
    }

    @Test
    void serves_where_it_is_told_to_and_says_when_that_cannot_be() throws Exception {
        int port = SandboxMain.begin(vertx, "--port", "0", "--seed", "7").await(30, SECONDS);
        assertThat(port).isPositive();
        assertThatThrownBy(() -> SandboxMain.begin(elsewhere, "--port", String.valueOf(port))
                        .await(30, SECONDS))
                .isInstanceOf(BindException.class);
    }

    @Test
    void refuses_what_is_no_number() {
        assertThatThrownBy(() -> SandboxMain.begin(vertx, "--port", "many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--port");
    }
}
