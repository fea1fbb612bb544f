package io.waxwatch.notifier.email;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * One connection to the mail host, one mail at a time (RFC 5321). Each answer is waited for as long as its step may take, counted
 * from when it is this step's turn; whatever ends the connection ends all that still waits for an answer.
 *
 * <p>Lives on the event-loop context of its socket.
 */
final class SmtpConnection {

    private static final int LONGEST_LINE = 4096;
    private static final int MOST_LINES = 200;
    private static final Pattern REPLY_LINE = Pattern.compile("[2-5]\\d\\d(?:[ -].*)?");
    private static final String LINE_END = "\r\n";

    private final Vertx vertx;
    private final NetSocket socket;
    private final SmtpOptions options;
    private final Deque<Awaited> awaited = new ArrayDeque<>();
    private final List<String> lines = new ArrayList<>();
    private Lines reader;
    private Capabilities capabilities = Capabilities.NONE;
    private Runnable onEnd = () -> {};
    private long timer = -1;
    private boolean open = true;
    private boolean handedOver;
    private int mails;

    /** An answer that is due. */
    private record Awaited(SmtpStep step, Promise<SmtpReply> answer) {}

    /** What the host has said it can. */
    private record Capabilities(boolean startTls, boolean pipelining, boolean utf8, boolean size, List<String> logins) {

        static final Capabilities NONE = new Capabilities(false, false, false, false, List.of());

        static Capabilities of(SmtpReply hello) {
            List<String> words = hello.lines().stream()
                    .skip(1)
                    .map(line -> line.toUpperCase(Locale.ROOT).strip())
                    .toList();
            return new Capabilities(
                    words.contains("STARTTLS"),
                    words.contains("PIPELINING"),
                    words.contains("SMTPUTF8"),
                    words.stream().anyMatch(word -> word.equals("SIZE") || word.startsWith("SIZE ")),
                    words.stream()
                            // "AUTH=LOGIN" is how hosts from before RFC 4954 said it.
                            .filter(word -> word.startsWith("AUTH ") || word.startsWith("AUTH="))
                            .flatMap(word -> List.of(word.substring(5).split("[ =]+")).stream())
                            .distinct()
                            .toList());
        }
    }

    SmtpConnection(Vertx vertx, NetSocket socket, SmtpOptions options) {
        this.vertx = vertx;
        this.socket = socket;
        this.options = options;
        read();
        socket.exceptionHandler(cause -> broken("connection", "the connection failed: " + cause));
        socket.closeHandler(closed -> broken("connection", "the host closed the connection"));
    }

    /** Greets, encrypts and signs in. Fails with {@link SmtpRefusal}, {@link SmtpBroken} or {@link SSLException}; the connection is closed then. */
    Future<Void> begin() {
        return answerTo(SmtpStep.GREETING)
                .compose(greeting -> ok(SmtpStep.GREETING, greeting))
                .compose(greeted -> hello())
                .compose(ready -> options.startTls() ? encrypt() : Future.succeededFuture())
                .compose(encrypted -> options.login().map(this::signIn).orElseGet(Future::succeededFuture))
                .onFailure(cause -> quit());
    }

    /** What to do when the connection has ended, however. */
    void onEnd(Runnable action) {
        onEnd = action;
    }

    boolean isOpen() {
        return open;
    }

    /** How many mails were begun over it. */
    int mails() {
        return mails;
    }

    boolean takesUtf8() {
        return capabilities.utf8();
    }

    /**
     * Whether the mail at hand was given to the host whole: from then on nobody but the host knows what became of it.
     */
    boolean handedOver() {
        return handedOver;
    }

    /**
     * Sends one mail.
     *
     * @param text head and body, ending with a line's end
     * @return the host's word on the whole mail; fails with {@link SmtpRefusal} or {@link SmtpBroken}
     */
    Future<SmtpReply> send(String sender, String recipient, boolean utf8, String text) {
        mails++;
        handedOver = false;
        Buffer data = Buffer.buffer(stuffed(text)).appendString("." + LINE_END);
        String from = "MAIL FROM:<" + sender + ">"
                + (capabilities.size() ? " SIZE=" + (data.length() - 3) : "")
                + (utf8 ? " SMTPUTF8 BODY=8BITMIME" : "");
        String to = "RCPT TO:<" + recipient + ">";
        return capabilities.pipelining() ? atOnce(from, to, data) : stepByStep(from, to, data);
    }

    /** After a refused mail: makes the host forget it, so that the connection serves the next. */
    Future<Void> reset() {
        return ask(SmtpStep.RSET, "RSET")
                .compose(answer -> ok(SmtpStep.RSET, answer))
                .mapEmpty();
    }

    /** Says goodbye, and does not wait for an answer. */
    void quit() {
        if (open) {
            // Whoever still waits is told; the goodbye is only for a host that does.
            end(new SmtpBroken("connection", "the connection was closed here"));
            socket.end(Buffer.buffer("QUIT" + LINE_END));
        }
    }

    /** RFC 2920: the three commands that bring a mail to its text go together, the text waits for the permission. */
    private Future<SmtpReply> atOnce(String from, String to, Buffer data) {
        Future<SmtpReply> mail = answerTo(SmtpStep.MAIL);
        Future<SmtpReply> recipient = answerTo(SmtpStep.RCPT);
        Future<SmtpReply> permission = answerTo(SmtpStep.DATA);
        write(from + LINE_END + to + LINE_END + "DATA" + LINE_END);
        return permission.compose(may -> {
            SmtpRefusal refusal = !mail.result().isOk()
                    ? new SmtpRefusal(SmtpStep.MAIL, mail.result())
                    : !recipient.result().isOk() ? new SmtpRefusal(SmtpStep.RCPT, recipient.result()) : null;
            if (refusal == null) {
                return may.code() == 354 ? text(data) : Future.failedFuture(new SmtpRefusal(SmtpStep.DATA, may));
            }
            if (may.code() != 354) {
                return Future.failedFuture(refusal);
            }
            // It waits for a text that has no reader: an empty one ends it (RFC 2920, 3.1).
            return ask(SmtpStep.RSET, ".").compose(ended -> Future.failedFuture(refusal));
        });
    }

    private Future<SmtpReply> stepByStep(String from, String to, Buffer data) {
        return ask(SmtpStep.MAIL, from)
                .compose(answer -> ok(SmtpStep.MAIL, answer))
                .compose(mail -> ask(SmtpStep.RCPT, to))
                .compose(answer -> ok(SmtpStep.RCPT, answer))
                .compose(recipient -> ask(SmtpStep.DATA, "DATA"))
                .compose(may ->
                        may.code() == 354 ? text(data) : Future.failedFuture(new SmtpRefusal(SmtpStep.DATA, may)));
    }

    private Future<SmtpReply> text(Buffer data) {
        Future<SmtpReply> word = answerTo(SmtpStep.END);
        handedOver = true;
        boundBy(options.bounds().block(), SmtpStep.END);
        socket.write(data).onSuccess(off -> {
            // The host may have answered before we hear that the text is off.
            if (!word.isComplete()) {
                boundBy(options.bounds().end(), SmtpStep.END);
            }
        });
        return word.compose(answer -> ok(SmtpStep.END, answer));
    }

    /** A line that begins with a dot gets another one (RFC 5321, 4.5.2). */
    private static String stuffed(String text) {
        String inner = text.contains("\r\n.") ? text.replace("\r\n.", "\r\n..") : text;
        return inner.startsWith(".") ? "." + inner : inner;
    }

    private Future<Void> hello() {
        String name = options.greeting().orElseGet(this::addressInBrackets);
        return ask(SmtpStep.EHLO, "EHLO " + name).compose(answer -> {
            if (answer.isOk()) {
                capabilities = Capabilities.of(answer);
                return Future.succeededFuture();
            }
            capabilities = Capabilities.NONE;
            boolean unknown = answer.code() == 500 || answer.code() == 502;
            return unknown
                    ? ask(SmtpStep.EHLO, "HELO " + name)
                            .compose(older -> ok(SmtpStep.EHLO, older))
                            .mapEmpty()
                    : Future.failedFuture(new SmtpRefusal(SmtpStep.EHLO, answer));
        });
    }

    private String addressInBrackets() {
        String address = socket.localAddress().hostAddress();
        if (address == null) {
            return "[127.0.0.1]";
        }
        return address.contains(":") ? "[IPv6:" + address.split("%", 2)[0] + "]" : "[" + address + "]";
    }

    private Future<Void> encrypt() {
        if (!capabilities.startTls()) {
            return Future.failedFuture(new SmtpRefusal(
                    SmtpStep.STARTTLS, new SmtpReply(502, List.of("STARTTLS is required and not offered"))));
        }
        return ask(SmtpStep.STARTTLS, "STARTTLS")
                .compose(answer -> ok(SmtpStep.STARTTLS, answer))
                .compose(may -> {
                    // A new reader: what anybody put behind the answer, unencrypted, is not read as the host's.
                    read();
                    return socket.upgradeToSsl();
                })
                .recover(cause ->
                        cause instanceof SmtpRefusal || cause instanceof SmtpBroken || cause instanceof SSLException
                                ? Future.failedFuture(cause)
                                : Future.failedFuture(new SmtpBroken("tls", "no encryption with the host: " + cause)))
                .compose(encrypted -> hello());
    }

    private Future<Void> signIn(SmtpOptions.Login login) {
        return SmtpLogin.choose(capabilities.logins(), socket.isSsl(), options.host(), login)
                .map(way -> ask(SmtpStep.AUTH, way.command()).compose(answer -> goOn(way, answer)))
                .orElseGet(() -> Future.failedFuture(new SmtpRefusal(
                        SmtpStep.AUTH,
                        new SmtpReply(
                                504,
                                List.of("no known way to log in is offered, only "
                                        + String.join(" ", capabilities.logins()))))));
    }

    private Future<Void> goOn(SmtpLogin way, SmtpReply answer) {
        if (answer.code() != 334) {
            return ok(SmtpStep.AUTH, answer).mapEmpty();
        }
        String response;
        try {
            response = way.response(answer.lines().get(0));
        } catch (SmtpLogin.NotUnderstood notOurs) {
            return Future.failedFuture(new SmtpBroken("login", notOurs.getMessage()));
        }
        return ask(SmtpStep.AUTH, response).compose(next -> goOn(way, next));
    }

    private static Future<SmtpReply> ok(SmtpStep step, SmtpReply reply) {
        return reply.isOk() ? Future.succeededFuture(reply) : Future.failedFuture(new SmtpRefusal(step, reply));
    }

    private Future<SmtpReply> ask(SmtpStep step, String command) {
        Future<SmtpReply> answer = answerTo(step);
        write(command + LINE_END);
        return answer;
    }

    private void write(String commands) {
        if (open) {
            socket.write(commands);
        }
    }

    private Future<SmtpReply> answerTo(SmtpStep step) {
        if (!open) {
            return Future.failedFuture(new SmtpBroken("connection", "the connection is closed"));
        }
        Promise<SmtpReply> answer = Promise.promise();
        awaited.add(new Awaited(step, answer));
        if (awaited.size() == 1) {
            boundBy(options.bounds().of(step), step);
        }
        return answer.future();
    }

    private void boundBy(Duration bound, SmtpStep step) {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(
                bound.toMillis(),
                late -> broken("timeout", "no answer at " + step + " within " + bound.toSeconds() + " s"));
    }

    /** Reads from now on. A former reader may still have lines at hand; nobody hears them any more. */
    private void read() {
        lines.clear();
        var mine = new Lines();
        reader = mine;
        socket.handler(mine);
    }

    /** Cuts what comes into lines. */
    private final class Lines implements Handler<Buffer> {
        private Buffer rest = Buffer.buffer();

        @Override
        public void handle(Buffer chunk) {
            rest.appendBuffer(chunk);
            int from = 0;
            for (int at = from; at < rest.length(); at++) {
                if (rest.getByte(at) == '\n') {
                    if (!open || reader != this) {
                        return;
                    }
                    if (at - from > LONGEST_LINE) {
                        break;
                    }
                    int end = at > from && rest.getByte(at - 1) == '\r' ? at - 1 : at;
                    line(rest.getString(from, end));
                    from = at + 1;
                }
            }
            rest = rest.getBuffer(from, rest.length());
            if (rest.length() > LONGEST_LINE && open) {
                broken("protocol", "the host's answer has no end");
            }
        }
    }

    private void line(String line) {
        if (!REPLY_LINE.matcher(line).matches() || lines.size() >= MOST_LINES) {
            broken("protocol", "what the host says is no SMTP");
            return;
        }
        lines.add(line.length() > 4 ? line.substring(4) : "");
        if (line.length() > 3 && line.charAt(3) == '-') {
            return;
        }
        var reply = new SmtpReply(Integer.parseInt(line.substring(0, 3)), List.copyOf(lines));
        lines.clear();
        answered(reply);
    }

    private void answered(SmtpReply reply) {
        Awaited first = awaited.poll();
        if (first == null) {
            // Nobody asked: a host that is about to close says so.
            quit();
            return;
        }
        Awaited next = awaited.peek();
        if (next == null) {
            vertx.cancelTimer(timer);
            timer = -1;
        } else {
            boundBy(options.bounds().of(next.step()), next.step());
        }
        first.answer().complete(reply);
    }

    private void broken(String code, String message) {
        if (open) {
            end(new SmtpBroken(code, message));
            socket.close();
        }
    }

    private void end(SmtpBroken cause) {
        open = false;
        vertx.cancelTimer(timer);
        var left = List.copyOf(awaited);
        awaited.clear();
        onEnd.run();
        left.forEach(one -> one.answer().fail(cause));
    }
}
