package io.waxwatch.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path folder;

    @Test
    void remembers_a_port_from_run_to_run() {
        Path file = folder.resolve("run/ports.properties");
        int first = Ports.remembered(file, "api");

        assertThat(Ports.remembered(file, "api")).isEqualTo(first);
        assertThat(Ports.remembered(file, "mail")).isNotZero();
        assertThat(Ports.remembered(file, "api")).isEqualTo(first);
    }

    @Test
    void chooses_another_port_when_the_remembered_one_is_taken() throws Exception {
        Path file = folder.resolve("ports.properties");
        int first = Ports.remembered(file, "api");

        try (ServerSocket ignored = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.remembered(file, "api")).isNotEqualTo(first);
        }
    }

    @Test
    void takes_a_damaged_memory_for_an_empty_one() throws Exception {
        Path file = folder.resolve("ports.properties");
        Files.writeString(file, "api=\\u00zz\nmail=abc\n");

        assertThat(Ports.remembered(file, "api")).isBetween(20_000, 31_999);
    }

    @Test
    void names_the_part_and_the_port_that_is_taken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Ports.claim(taken.getLocalPort(), "The API", "GATEWAY_PORT"))
                    .isInstanceOf(PartFailedException.class)
                    .hasMessageContaining("The API")
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }
}
