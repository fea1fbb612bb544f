package io.waxwatch.common.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;

/** A real Redis of a test's own, to be stopped and started again on the same port. */
public final class TestRedis implements AutoCloseable {

    private final int port = freePort();
    private final List<String> settings;
    private final TestCertificates.Pair certificate;
    private RedisServer server;

    public TestRedis() {
        this(null, List.of());
    }

    /** With further lines of its configuration. */
    public static TestRedis with(String... settings) {
        return new TestRedis(null, List.of(settings));
    }

    /** One that speaks TLS, and nothing else. */
    public static TestRedis encrypted(TestCertificates.Pair certificate) {
        return new TestRedis(certificate, List.of());
    }

    private TestRedis(TestCertificates.Pair certificate, List<String> settings) {
        this.certificate = certificate;
        this.settings = settings;
        start();
    }

    public void start() {
        var builder = RedisServer.builder().setting("bind 127.0.0.1").setting("save \"\"");
        if (certificate == null) {
            builder.port(port);
        } else {
            builder.port(0)
                    .tlsPort(port)
                    .setting("tls-cert-file " + certificate.certificate())
                    .setting("tls-key-file " + certificate.key())
                    .setting("tls-ca-cert-file " + certificate.authority())
                    .setting("tls-auth-clients no");
        }
        settings.forEach(builder::setting);
        server = builder.build();
        server.start();
    }

    public void stop() {
        server.stop();
    }

    public int port() {
        return port;
    }

    /** As {@code REDIS_URL} spells it. */
    public String url() {
        return (certificate == null ? "redis" : "rediss") + "://127.0.0.1:" + port + "/0";
    }

    @Override
    public void close() {
        server.stop();
    }

    /** A real Sentinel that looks after one server. */
    public static final class Sentinel implements AutoCloseable {

        private final int port = freePort();
        private final RedisSentinel sentinel;

        /** It takes a silent master for dead after a second. */
        public Sentinel(String masterName, TestRedis master, String masterPassword) {
            try {
                // It writes down in there what it learns.
                Path file = Files.createTempFile("waxwatch-sentinel", ".conf");
                file.toFile().deleteOnExit();
                Files.writeString(file, """
                        bind 127.0.0.1
                        port %1$d
                        sentinel monitor %2$s 127.0.0.1 %3$d 1
                        sentinel down-after-milliseconds %2$s 1000
                        sentinel failover-timeout %2$s 10000
                        sentinel auth-pass %2$s %4$s
                        """.formatted(port, masterName, master.port(), masterPassword));
                sentinel = RedisSentinel.builder()
                        .port(port)
                        .configFile(file.toString())
                        .build();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            sentinel.start();
        }

        public int port() {
            return port;
        }

        @Override
        public void close() {
            sentinel.stop();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
