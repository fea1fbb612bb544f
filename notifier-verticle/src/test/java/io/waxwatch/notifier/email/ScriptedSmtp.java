package io.waxwatch.notifier.email;

import static io.waxwatch.common.testing.TestNode.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An SMTP server that answers each step as the test says: {@code GREETING}, {@code EHLO}, {@code STARTTLS}, {@code AUTH}, {@code MAIL},
 * {@code RCPT}, {@code DATA}, {@code END} (the end of the data). The answer {@link #SILENCE} is none, {@link #DEATH} closes the
 * connection; several lines are written with line feeds between them.
 */
public final class ScriptedSmtp {

    public static final String SILENCE = "";
    public static final String DEATH = "DEATH";

    private static final Map<String, String> WILLING = Map.of(
            "GREETING", "220 ready",
            "EHLO", "250-hello\n250-PIPELINING\n250 ENHANCEDSTATUSCODES",
            "STARTTLS", "220 go on",
            "AUTH", "235 welcome",
            "MAIL", "250 ok",
            "RCPT", "250 ok",
            "DATA", "354 go on",
            "RSET", "250 forgotten",
            "END", "250 taken");

    public final Map<String, String> answers = new ConcurrentHashMap<>();
    /** Answers to a step that are used up one by one, before those of {@link #answers}. */
    public final Map<String, List<String>> first = new ConcurrentHashMap<>();
    /** Milliseconds before the answer to a step. */
    public final Map<String, Integer> delays = new ConcurrentHashMap<>();
    /** What comes, without the data. */
    public final List<String> commands = new CopyOnWriteArrayList<>();
    /** Data, as it came on the wire. */
    public final List<String> mails = new CopyOnWriteArrayList<>();

    public final AtomicInteger connections = new AtomicInteger();
    private final Vertx vertx;
    private final NetServer server;

    public ScriptedSmtp(Vertx vertx) {
        this(vertx, new NetServerOptions());
    }

    ScriptedSmtp(Vertx vertx, NetServerOptions options) {
        this.vertx = vertx;
        server =
                await(vertx.createNetServer(options).connectHandler(this::serve).listen(0, "127.0.0.1"));
    }

    public int port() {
        return server.actualPort();
    }

    /** Whether anything came that begins so. */
    boolean heard(String command) {
        return commands.stream().anyMatch(line -> line.startsWith(command));
    }

    private void serve(NetSocket socket) {
        connections.incrementAndGet();
        var session = new Session(socket);
        session.say("GREETING");
        session.read();
    }

    private final class Session {
        private final NetSocket socket;
        private StringBuilder data;
        private String login;

        Session(NetSocket socket) {
            this.socket = socket;
        }

        void read() {
            socket.handler(RecordParser.newDelimited("\r\n", line -> heard(line.toString(StandardCharsets.UTF_8))));
        }

        private void heard(String line) {
            if (data != null) {
                inData(line);
                return;
            }
            commands.add(line);
            if (login != null) {
                login = null;
                say("AUTH");
                return;
            }
            String command = line.split(" ", 2)[0];
            switch (command) {
                case "EHLO", "HELO" -> say("EHLO");
                case "MAIL", "RCPT", "RSET" -> say(command);
                case "AUTH" -> {
                    String answer = answers.getOrDefault("CHALLENGE", "");
                    if (answer.isEmpty()) {
                        say("AUTH");
                    } else {
                        login = line;
                        socket.write(answer + "\r\n");
                    }
                }
                case "STARTTLS" -> {
                    if (say("STARTTLS").startsWith("220")) {
                        socket.upgradeToSsl().onSuccess(encrypted -> read());
                    }
                }
                case "DATA" -> data = say("DATA").startsWith("354") ? new StringBuilder() : null;
                case "QUIT" -> socket.write("221 bye\r\n").onComplete(done -> socket.close());
                default -> socket.write("250 ok\r\n");
            }
        }

        private void inData(String line) {
            if (line.equals(".")) {
                mails.add(data.toString());
                data = null;
                say("END");
            } else {
                data.append(line).append("\r\n");
            }
        }

        String say(String step) {
            List<String> once = first.get(step);
            String answer =
                    once == null || once.isEmpty() ? answers.getOrDefault(step, WILLING.get(step)) : once.remove(0);
            int delay = delays.getOrDefault(step, 0);
            if (delay > 0) {
                vertx.setTimer(delay, late -> utter(answer));
            } else {
                utter(answer);
            }
            return answer;
        }

        private void utter(String answer) {
            if (answer.equals(DEATH)) {
                socket.close();
            } else if (!answer.isEmpty()) {
                socket.write(answer.replace("\n", "\r\n") + "\r\n");
            }
        }
    }
}
