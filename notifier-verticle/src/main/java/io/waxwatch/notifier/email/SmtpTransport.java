package io.waxwatch.notifier.email;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Speaks SMTP to one host, over a few connections that are kept for a while.
 *
 * <p>SMTP has no idempotency key: when the host took a mail over and we never heard so, or died before writing it down, the
 * mail is sent again. Both copies carry the same {@code Message-ID}, by which mail programs and many hosts recognise
 * them; more cannot be had.
 */
public final class SmtpTransport implements EmailTransport {

    /** Implicit TLS is assumed here, as the port is registered for (RFC 8314); STARTTLS has no place on it. */
    private static final int SUBMISSIONS_PORT = 465;

    /**
     * Where the client says a dialogue ended, if it was over this very mail. Everything before, from the greeting to the sender's
     * address, is about us: a wrong password or a blocked sender must not throw everybody's alerts away. Should the client
     * ever say it differently, mails wait too long instead of being lost; a test holds the words.
     */
    private static final List<String> ABOUT_THE_MAIL =
            List.of("recipient address not accepted", "DATA command not accepted", "sending data failed");

    /** Closing down (RFC 5321), login needed or refused (RFC 4954): about us wherever they come. */
    private static final Set<Integer> ABOUT_US = Set.of(421, 530, 534, 535, 538);

    private final MailClient client;
    private final String sender;
    private final Duration deadline;

    /** @param deadline of one mail, from waiting for a connection to the host's last word */
    public SmtpTransport(Vertx vertx, Settings settings, int connections, Duration deadline) {
        this.sender = settings.get(SettingsCatalog.NOTIFICATION_SENDER_EMAIL);
        this.deadline = deadline;
        this.client = MailClient.create(vertx, config(settings, connections, deadline));
    }

    private static MailConfig config(Settings settings, int connections, Duration deadline) {
        int port = settings.get(SettingsCatalog.SMTP_PORT);
        boolean startTls = settings.get(SettingsCatalog.SMTP_STARTTLS) && port != SUBMISSIONS_PORT;
        var config = new MailConfig()
                .setHostname(settings.get(SettingsCatalog.SMTP_HOST))
                .setPort(port)
                .setStarttls(startTls ? StartTLSOptions.REQUIRED : StartTLSOptions.DISABLED)
                .setMaxPoolSize(connections)
                .setKeepAliveTimeout(30)
                .setConnectTimeout((int) deadline.toMillis())
                .setIdleTimeout((int) (2 * deadline.toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setLogin(LoginOption.DISABLED);
        if (port == SUBMISSIONS_PORT) {
            config.setSsl(true);
        }
        config.setHostnameVerificationAlgorithm("HTTPS");
        settings.find(SettingsCatalog.SMTP_USERNAME)
                .ifPresent(user -> config.setLogin(LoginOption.REQUIRED)
                        .setUsername(user)
                        .setPassword(settings.get(SettingsCatalog.SMTP_PASSWORD).reveal()));
        return config;
    }

    @Override
    public Future<Result> send(Mail mail) {
        return Future.succeededFuture(mail)
                .compose(ready -> client.sendMail(message(ready)))
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .map(result -> (Result) new Result.Accepted(result.getMessageID()))
                .recover(cause -> Future.succeededFuture(result(cause)));
    }

    private MailMessage message(Mail mail) {
        return new MailMessage()
                .setFrom(sender)
                .setTo(mail.to())
                .setSubject(mail.subject())
                .setText(mail.text())
                .setHtml(mail.html())
                .addHeader("Message-ID", mail.messageId())
                // No out-of-office answers, please (RFC 3834).
                .addHeader("Auto-Submitted", "auto-generated");
    }

    /** Only a reply of the host about this very mail counts against the mail. */
    private static Result result(Throwable cause) {
        if (cause instanceof SMTPException reply) {
            String code = "smtp_" + reply.getReplyCode();
            String where = String.valueOf(reply.getMessage());
            if (ABOUT_US.contains(reply.getReplyCode())
                    || ABOUT_THE_MAIL.stream().noneMatch(where::startsWith)) {
                return new Result.Away(code);
            }
            return reply.isPermanent() ? new Result.Refused(code) : new Result.Deferred(code);
        }
        if (cause instanceof IllegalArgumentException) {
            return new Result.Refused("bad_address");
        }
        return new Result.Away(cause instanceof TimeoutException ? "timeout" : "connection");
    }

    @Override
    public Future<Void> close() {
        // A connection that the host has just closed makes the client's farewell fail; it is gone all the same.
        return client.close().otherwiseEmpty();
    }
}
