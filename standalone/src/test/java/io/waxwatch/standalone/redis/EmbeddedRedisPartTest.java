package io.waxwatch.standalone.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisPartTest {
    @TempDir
    Path folder;

    @Test
    void answers_stops_and_starts_again_on_its_port_with_nothing_kept() throws Exception {
        try (EmbeddedRedisPart redis = new EmbeddedRedisPart(folder, 0)) {
            redis.start();
            int port = redis.port();
            assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + port + "/0");
            assertThat(send(port, "SET k v")).isEqualTo("+OK");

            redis.stop();
            assertThat(Ports.isFree(port)).isTrue();
            redis.start();

            assertThat(redis.port()).isEqualTo(port);
            assertThat(send(port, "GET k")).isEqualTo("$-1");
        }
    }

    @Test
    void ends_the_orphan_of_a_killed_jvm() throws Exception {
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("owner.log").toFile())
                .start();
        Path started = folder.resolve("started");
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.exists(started) && owner.isAlive() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(started).exists();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        ProcessHandle orphan = ProcessHandle.of(Long.parseLong(
                        Files.readString(folder.resolve("redis.pid")).strip()))
                .orElseThrow();
        assertThat(orphan.isAlive()).isTrue();

        try (EmbeddedRedisPart redis = new EmbeddedRedisPart(folder, 0)) {
            redis.start();

            assertThat(orphan.isAlive()).isFalse();
            assertThat(send(redis.port(), "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void says_in_one_line_that_the_port_is_taken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedRedisPart redis = new EmbeddedRedisPart(folder, taken.getLocalPort())) {
            assertThatThrownBy(redis::start)
                    .isInstanceOf(PartFailedException.class)
                    .hasMessageContaining("Redis cannot start: port " + taken.getLocalPort());
        }
    }

    private static String send(int port, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    /** The JVM that gets killed: starts the server on the folder given and waits. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            new EmbeddedRedisPart(folder, 0).start();
            Files.createFile(folder.resolve("started"));
            TimeUnit.MINUTES.sleep(5);
        }
    }
}
