package io.waxwatch.notifier.email;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks SMTP to one host, over a few connections that are kept for a while. Each step has a bound of its own and the whole has none:
 * a host that takes minutes over a mail is waited for, and its late word counts.
 *
 * <p>SMTP has no idempotency key: when the host took a mail over and we never heard so, or died before writing it down, the
 * mail is sent again. Both copies carry the same {@code Message-ID}, by which mail programs and many hosts recognise
 * them; more cannot be had.
 *
 * <p>Until a connection has come about, and after one has not, only one is tried at a time, and a failure answers for all mails that
 * wait: an outage, or a wrong password, costs one try and not one for each mail.
 */
public final class SmtpTransport implements EmailTransport {

    private static final Logger log = LoggerFactory.getLogger(SmtpTransport.class);

    /** Kept for the next mail. Hosts close earlier or later, and are welcome to. */
    private static final Duration KEPT = Duration.ofSeconds(30);
    /** Some hosts count the mails of a connection; a new one for each hundred costs nothing. */
    private static final int MAILS_A_CONNECTION = 100;

    private final Vertx vertx;
    private final Context context;
    private final NetClient net;
    private final SmtpOptions options;
    private final Clock clock;
    private final MailWriter writer;
    private final HostStanding standing;
    private final String sender;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** The longest idle first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private final Set<SmtpConnection> all = new HashSet<>();
    private int opening;
    private boolean proven;
    private boolean resting;
    private long sweeper = -1;

    private record Idle(SmtpConnection connection, Instant since) {}

    /** A mail whose turn has not come. */
    private record Waiting(
            Mail mail, MailAddress to, BooleanSupplier wanted, Promise<Result> result, boolean secondTry) {

        Waiting again() {
            return new Waiting(mail, to, wanted, result, true);
        }
    }

    /** @param standing hears what the host thinks of us */
    public SmtpTransport(Vertx vertx, Settings settings, HostStanding standing, Clock clock) {
        this(
                vertx,
                SmtpOptions.from(settings),
                new NetClientOptions(),
                settings.get(SettingsCatalog.NOTIFICATION_SENDER_EMAIL),
                settings.get(SettingsCatalog.NOTIFICATION_SENDER_NAME),
                standing,
                clock);
    }

    /** @param network whom we trust */
    SmtpTransport(
            Vertx vertx,
            SmtpOptions options,
            NetClientOptions network,
            String senderAddress,
            String senderName,
            HostStanding standing,
            Clock clock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.standing = standing;
        this.clock = clock;
        this.sender =
                MailAddress.parse(senderAddress).map(MailAddress::toString).orElse(senderAddress);
        this.writer = new MailWriter(senderName, sender, clock);
        network.setConnectTimeout((int) options.bounds().connect().toMillis())
                .setSslHandshakeTimeout(options.bounds().connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpNoDelay(true)
                .setSsl(options.tls());
        network.setHostnameVerificationAlgorithm("HTTPS");
        this.net = vertx.createNetClient(network);
    }

    @Override
    public Future<Result> send(Mail mail, BooleanSupplier wanted) {
        Promise<Result> result = Promise.promise();
        Optional<MailAddress> to = MailAddress.parse(mail.to());
        if (to.isEmpty()) {
            return Future.succeededFuture(
                    new Result.Refused("bad_address", "this address is none that a mail can go to"));
        }
        onContext(() -> {
            waiting.add(new Waiting(mail, to.get(), wanted, result, false));
            pump();
        });
        return result.future();
    }

    @Override
    public void rest() {
        onContext(() -> {
            resting = true;
            failAll(new Result.NotBegun());
        });
    }

    @Override
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        onContext(() -> {
            resting = true;
            failAll(new Result.NotBegun());
            vertx.cancelTimer(sweeper);
            List.copyOf(all).forEach(SmtpConnection::quit);
            net.close().onComplete(done -> closed.complete());
        });
        return closed.future();
    }

    private void onContext(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(turn -> action.run());
        }
    }

    /** Gives every mail that waits a connection, as far as there are any. */
    private void pump() {
        while (!waiting.isEmpty()) {
            Idle free = idle.pollLast();
            if (free != null) {
                dialogue(free.connection(), waiting.poll());
            } else if (mayOpen()) {
                open();
            } else {
                return;
            }
        }
    }

    private boolean mayOpen() {
        boolean room = all.size() + opening < options.connections();
        return room && opening < waiting.size() && (proven || opening == 0 && all.isEmpty());
    }

    private void open() {
        opening++;
        net.connect(options.port(), options.host())
                .map(socket -> {
                    var connection = new SmtpConnection(vertx, socket, options);
                    all.add(connection);
                    opening--;
                    connection.onEnd(() -> gone(connection));
                    return connection;
                })
                .onFailure(cause -> opening--)
                .compose(connection -> connection.begin().map(connection))
                .onComplete(this::opened, this::notOpened);
    }

    private void opened(SmtpConnection connection) {
        proven = true;
        if (connection.isOpen()) {
            free(connection);
        }
        pump();
    }

    private void notOpened(Throwable cause) {
        proven = false;
        Result result = ofFailure(cause, false);
        log.debug("notifications.email.no_connection", kv("reason", cause.getMessage()));
        // Whoever waits would only find the same, one after the other.
        if (all.isEmpty()) {
            failAll(result);
        }
    }

    private void failAll(Result result) {
        var left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(one -> one.result().complete(result));
    }

    private void dialogue(SmtpConnection connection, Waiting one) {
        if (resting || !one.wanted().getAsBoolean()) {
            park(connection);
            one.result().complete(new Result.NotBegun());
            return;
        }
        boolean utf8 = one.to().needsUtf8();
        if (utf8 && !connection.takesUtf8()) {
            park(connection);
            one.result()
                    .complete(new Result.NoMailbox(
                            "needs_smtputf8",
                            "the mail host takes no address with characters outside ASCII before the @"));
            return;
        }
        boolean fresh = connection.mails() == 0;
        connection
                .send(sender, one.to().toString(), utf8, writer.write(one.mail(), one.to()))
                .onComplete(
                        word -> {
                            standing.accepted();
                            free(connection);
                            one.result().complete(new Result.Accepted(one.mail().messageId()));
                            pump();
                        },
                        cause -> failed(connection, one, fresh, cause));
    }

    private void failed(SmtpConnection connection, Waiting one, boolean fresh, Throwable cause) {
        boolean uncertain = cause instanceof SmtpBroken && connection.handedOver();
        boolean stale = !uncertain
                && !fresh
                && !one.secondTry()
                && !resting
                && (cause instanceof SmtpBroken
                        || cause instanceof SmtpRefusal refusal
                                && refusal.step() == SmtpStep.MAIL
                                && refusal.verdict() == SmtpVerdict.AWAY);
        if (stale) {
            // The host had enough of this connection, not of us: nothing has left, so a new one is tried at once.
            connection.quit();
            List.copyOf(idle).forEach(old -> old.connection().quit());
            waiting.addFirst(one.again());
            pump();
            return;
        }
        Result result = ofFailure(cause, uncertain);
        if (cause instanceof SmtpRefusal refusal && connection.isOpen() && refusal.verdict() != SmtpVerdict.AWAY) {
            one.result().complete(result);
            goOn(connection, refusal.step());
        } else {
            connection.quit();
            one.result().complete(result);
        }
        if (result instanceof Result.Held held && held.all()) {
            failAll(result);
        }
        pump();
    }

    /** After a refusal: the connection serves the next mail, if the host forgets this one. */
    private void goOn(SmtpConnection connection, SmtpStep refusedAt) {
        if (refusedAt == SmtpStep.END) {
            free(connection);
            return;
        }
        connection
                .reset()
                .onComplete(
                        forgotten -> {
                            free(connection);
                            pump();
                        },
                        notForgotten -> connection.quit());
    }

    private void free(SmtpConnection connection) {
        if (connection.mails() >= MAILS_A_CONNECTION || resting) {
            connection.quit();
        } else if (connection.isOpen()) {
            park(connection);
        }
    }

    private void park(SmtpConnection connection) {
        idle.addLast(new Idle(connection, clock.instant()));
        if (sweeper == -1) {
            sweepIn(KEPT);
        }
    }

    private void sweepIn(Duration pause) {
        sweeper = vertx.setTimer(Math.max(1, pause.toMillis()), id -> {
            sweeper = -1;
            Instant now = clock.instant();
            while (!idle.isEmpty() && !now.isBefore(idle.peekFirst().since().plus(KEPT))) {
                idle.pollFirst().connection().quit();
            }
            if (!idle.isEmpty()) {
                sweepIn(Duration.between(now, idle.peekFirst().since().plus(KEPT)));
            }
        });
    }

    private void gone(SmtpConnection connection) {
        all.remove(connection);
        idle.removeIf(one -> one.connection() == connection);
        if (!resting) {
            // A place is free.
            context.runOnContext(later -> pump());
        }
    }

    private Result ofFailure(Throwable cause, boolean uncertain) {
        if (uncertain) {
            return new Result.Uncertain(((SmtpBroken) cause).code());
        }
        if (cause instanceof SmtpRefusal refusal) {
            return ofRefusal(refusal.step(), refusal.reply(), refusal.verdict());
        }
        if (cause instanceof SSLException) {
            // An unknown or wrong certificate does not pass by itself.
            var told = new SmtpReply(554, List.of("no encryption with the host: " + cause.getMessage()));
            return new Result.Held("tls", standing.refused(SmtpStep.STARTTLS, told));
        }
        return new Result.Away(cause instanceof SmtpBroken broken ? broken.code() : "connection");
    }

    private Result ofRefusal(SmtpStep step, SmtpReply reply, SmtpVerdict verdict) {
        return switch (verdict) {
            case AWAY -> new Result.Away(reply.label());
            case US -> new Result.Held(reply.label(), standing.refused(step, reply));
            case LATER -> new Result.Deferred(reply.label(), reply.told());
            case MAILBOX ->
                standing.believed(reply)
                        ? new Result.NoMailbox(reply.label(), reply.told())
                        : new Result.Held(reply.label(), standing.refused(step, reply));
            case MAIL -> new Result.Refused(reply.label(), reply.told());
        };
    }
}
