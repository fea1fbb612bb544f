package io.waxwatch.notifier.email;

import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom we send through, as whom, and how long we wait for it.
 *
 * @param tls from the first byte on
 * @param startTls whether a connection that begins in the open must be encrypted before anything is sent
 * @param login empty for none
 * @param greeting the name for EHLO; empty for our own address in brackets
 * @param connections at most
 * @param bounds of the steps
 */
record SmtpOptions(
        String host,
        int port,
        boolean tls,
        boolean startTls,
        Optional<Login> login,
        Optional<String> greeting,
        int connections,
        Bounds bounds) {

    /** Implicit TLS is assumed here, as the port is registered for (RFC 8314); STARTTLS has no place on it. */
    private static final int SUBMISSIONS_PORT = 465;

    private static final Pattern FULL_NAME =
            Pattern.compile("[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z][A-Za-z0-9-]*");

    record Login(String user, String password) {}

    /**
     * The longest waits (RFC 5321, 4.5.3.2). Each is of one step: none of them contains the wait for another mail's end.
     *
     * @param connect for the connection and its encryption
     * @param command for an answer to a command, and for the greeting
     * @param data for the permission to send the text
     * @param block until the text is off our hands
     * @param end for the word on the whole mail
     */
    record Bounds(Duration connect, Duration command, Duration data, Duration block, Duration end) {

        Duration of(SmtpStep step) {
            return switch (step) {
                case DATA -> data;
                case END -> end;
                default -> command;
            };
        }
    }

    static SmtpOptions from(Settings settings) {
        int port = settings.get(SettingsCatalog.SMTP_PORT);
        boolean tls = port == SUBMISSIONS_PORT;
        return new SmtpOptions(
                settings.get(SettingsCatalog.SMTP_HOST),
                port,
                tls,
                !tls && settings.get(SettingsCatalog.SMTP_STARTTLS),
                settings.find(SettingsCatalog.SMTP_USERNAME)
                        .map(user -> new Login(
                                user,
                                settings.get(SettingsCatalog.SMTP_PASSWORD).reveal())),
                settings.find(SettingsCatalog.SMTP_EHLO_NAME)
                        .or(() -> fullName(settings.get(SettingsCatalog.PUBLIC_BASE_URL))),
                settings.get(SettingsCatalog.SMTP_CONNECTIONS),
                new Bounds(
                        settings.get(SettingsCatalog.SMTP_TIMEOUT_SECONDS),
                        settings.get(SettingsCatalog.SMTP_COMMAND_TIMEOUT_SECONDS),
                        settings.get(SettingsCatalog.SMTP_DATA_TIMEOUT_SECONDS),
                        settings.get(SettingsCatalog.SMTP_BLOCK_TIMEOUT_SECONDS),
                        settings.get(SettingsCatalog.SMTP_END_TIMEOUT_SECONDS)));
    }

    /** A host name with a dot, which is no address: hosts refuse anything less at EHLO. */
    private static Optional<String> fullName(URI base) {
        return Optional.ofNullable(base.getHost())
                .filter(host -> FULL_NAME.matcher(host).matches());
    }
}
