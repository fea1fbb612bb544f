package io.waxwatch.common.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenFaultTest {

    @Test
    void a_taken_port_is_told_with_its_setting() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThatThrownBy(() -> listen(Map.of("MANAGEMENT_HOST", "127.0.0.1", "MANAGEMENT_PORT", port)))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessage("MANAGEMENT_PORT: port " + port
                            + " on 127.0.0.1 is already taken; end whoever listens there, or"
                            + " set another port (0 takes a free one)");
        }
    }

    /** 192.0.2.0/24 is for documentation: no machine has it. */
    @Test
    void an_address_of_another_machine_is_told_with_its_setting() {
        assertThatThrownBy(() -> listen(Map.of("MANAGEMENT_HOST", "192.0.2.1", "MANAGEMENT_PORT", "0")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith(
                        "MANAGEMENT_HOST: nobody can listen on 192.0.2.1 port 0 (MANAGEMENT_PORT) here: ")
                .hasMessageEndingWith("; give an address of this machine, and a port it may open");
    }

    private static void listen(Map<String, String> settings) {
        try (var node = TestNode.start(Role.PROVIDER, settings)) {
            TestNode.await(ManagementServer.start(
                    node.node(), new Readiness(node.node().vertx())));
        }
    }
}
