package io.waxwatch.common.testing;

import java.io.IOException;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real Redis of a test's own, to be stopped and started again on the same port. */
public final class TestRedis implements AutoCloseable {

    private final int port = freePort();
    private RedisServer server;

    public TestRedis() {
        start();
    }

    public void start() {
        server = RedisServer.builder()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
    }

    public void stop() {
        server.stop();
    }

    /** As {@code REDIS_URL} spells it. */
    public String url() {
        return "redis://127.0.0.1:" + port + "/0";
    }

    @Override
    public void close() {
        server.stop();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
