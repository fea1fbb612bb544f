package io.waxwatch.gateway.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What no polite client sends, byte by byte. */
public final class RawHttp {

    private static final int PATIENCE_MILLIS = 30_000;

    private RawHttp() {}

    /** An open connection that gives up on a silent server after a while. */
    public static Socket connect(TestGateway to) throws IOException {
        var socket = new Socket("127.0.0.1", to.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    public static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Everything until the server ends the connection. */
    public static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Sends one request that asks for the connection to be closed, and reads the whole answer. */
    public static String exchange(TestGateway with, String request) throws IOException {
        try (var socket = connect(with)) {
            write(socket, request);
            return readAll(socket);
        }
    }
}
