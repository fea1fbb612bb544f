package io.waxwatch.notifier.email;

import static io.waxwatch.common.testing.TestNode.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An SMTP server that answers each step as the test says: {@code GREETING}, {@code EHLO}, {@code MAIL}, {@code RCPT}, {@code DATA},
 * {@code END} (the end of the data). The answer {@code ""} is silence.
 */
final class ScriptedSmtp {

    private static final Map<String, String> WILLING = Map.of(
            "GREETING", "220 ready",
            "EHLO", "250 hello",
            "MAIL", "250 ok",
            "RCPT", "250 ok",
            "DATA", "354 go on",
            "END", "250 taken");

    final Map<String, String> answers = new ConcurrentHashMap<>();
    final AtomicInteger taken = new AtomicInteger();
    private final NetServer server;

    ScriptedSmtp(Vertx vertx) {
        server = await(vertx.createNetServer().connectHandler(this::serve).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    private void serve(NetSocket socket) {
        var inData = new boolean[1];
        say(socket, "GREETING");
        socket.handler(RecordParser.newDelimited("\r\n", line -> {
            String text = line.toString();
            if (inData[0]) {
                if (text.equals(".")) {
                    inData[0] = false;
                    taken.incrementAndGet();
                    say(socket, "END");
                }
                return;
            }
            String command = text.split(" ", 2)[0];
            switch (command) {
                case "EHLO", "HELO" -> say(socket, "EHLO");
                case "MAIL", "RCPT" -> say(socket, command);
                case "DATA" -> inData[0] = say(socket, command).startsWith("354");
                case "QUIT" -> socket.write("221 bye\r\n").onComplete(done -> socket.close());
                default -> socket.write("250 ok\r\n");
            }
        }));
    }

    private String say(NetSocket socket, String step) {
        String answer = answers.getOrDefault(step, WILLING.get(step));
        if (!answer.isEmpty()) {
            socket.write(answer + "\r\n");
        }
        return answer;
    }
}
