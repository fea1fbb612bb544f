package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.email;
import static io.waxwatch.common.settings.SettingType.host;
import static io.waxwatch.common.settings.SettingType.hours;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.mailDomain;
import static io.waxwatch.common.settings.SettingType.milliseconds;
import static io.waxwatch.common.settings.SettingType.remotePort;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.secret;
import static io.waxwatch.common.settings.SettingType.text;
import static io.waxwatch.common.settings.SettingTypes.emailProvider;

import java.net.URI;
import java.time.Duration;

/** The settings of notifications: constants that {@link SettingsCatalog} inherits. */
interface NotificationSettings {

    Setting<EmailProvider> NOTIFICATION_EMAIL_PROVIDER = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_EMAIL_PROVIDER",
                    emailProvider(),
                    "stub",
                    "Through what mails leave: `stub` only logs them, `smtp` sends them to SMTP_HOST.")
            .build();

    Setting<String> NOTIFICATION_SENDER_EMAIL = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_SENDER_EMAIL",
                    email(),
                    "noreply@example.com",
                    "Sender of mails that leave through SMTP.")
            .build();

    Setting<String> NOTIFICATION_SENDER_NAME = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_SENDER_NAME",
                    text(100),
                    "WaxWatch",
                    "Name of that sender, as mail programs show it.")
            .build();

    Setting<String> NOTIFICATION_MESSAGE_ID_DOMAIN = optional(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_MESSAGE_ID_DOMAIN",
                    mailDomain(),
                    "Right half of the mails' `Message-ID`; the host of PUBLIC_BASE_URL if absent.")
            .build();

    Setting<String> SMTP_HOST = optional(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_HOST",
                    host(),
                    "Host that takes the mails; required by the notifier with `smtp`.")
            .build();

    Setting<Integer> SMTP_PORT = withDefault(
                    SettingGroup.NOTIFICATIONS, "SMTP_PORT", remotePort(), "587", "Port of that host.")
            .build();

    Setting<String> SMTP_USERNAME = optional(
                    SettingGroup.NOTIFICATIONS, "SMTP_USERNAME", text(300), "User at that host; no login if absent.")
            .build();

    Setting<Secret> SMTP_PASSWORD = optional(
                    SettingGroup.NOTIFICATIONS, "SMTP_PASSWORD", secret(), "Password at that host.")
            .secretly()
            .build();

    Setting<Boolean> SMTP_STARTTLS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_STARTTLS",
                    bool(),
                    "true",
                    "Whether the connection must be encrypted by STARTTLS before anything is sent.")
            .build();

    Setting<String> SMTP_EHLO_NAME = optional(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_EHLO_NAME",
                    mailDomain(),
                    "Name by which we greet that host: one that the DNS knows. The host of PUBLIC_BASE_URL if absent, or our address in"
                            + " brackets where that is no full name.")
            .build();

    Setting<Integer> SMTP_CONNECTIONS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_CONNECTIONS",
                    integer(1, 100),
                    "16",
                    "Most connections of a notifier to that host, each with one mail at a time; a host that admits fewer is served by those.")
            .build();

    Setting<Duration> SMTP_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_TIMEOUT_SECONDS",
                    seconds(1, 120),
                    "10",
                    "Longest wait for a connection to that host, and for its encryption. What the host may take over a mail is bounded"
                            + " step by step, by the four that follow.")
            .build();

    Setting<Duration> SMTP_COMMAND_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_COMMAND_TIMEOUT_SECONDS",
                    seconds(1, 3600),
                    "300",
                    "Longest wait for that host's greeting and for its answer to each command (RFC 5321, 4.5.3.2).")
            .build();

    Setting<Duration> SMTP_DATA_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_DATA_TIMEOUT_SECONDS",
                    seconds(1, 3600),
                    "120",
                    "Longest wait until that host is ready for a mail's text, after it was announced.")
            .build();

    Setting<Duration> SMTP_BLOCK_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_BLOCK_TIMEOUT_SECONDS",
                    seconds(1, 3600),
                    "180",
                    "Longest wait until that host has taken a mail's text off the line.")
            .build();

    Setting<Duration> SMTP_END_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SMTP_END_TIMEOUT_SECONDS",
                    seconds(1, 7200),
                    "600",
                    "Longest wait for that host's word on a whole mail. A mail without that word may have arrived; a short wait makes copies.")
            .build();

    Setting<Integer> NOTIFICATION_BATCH_SIZE = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_BATCH_SIZE",
                    integer(1, 10000),
                    "100",
                    "Most notifications one claim takes.")
            .build();

    Setting<Duration> NOTIFICATION_LEASE_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_LEASE_SECONDS",
                    seconds(2, 3600),
                    "30",
                    "A claimed notification that is not closed by then is delivered again.")
            .build();

    Setting<Duration> NOTIFICATION_SWEEP_INTERVAL_MS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_SWEEP_INTERVAL_MS",
                    milliseconds(50, 600000),
                    "1000",
                    "Time between two looks for notifications whose nudge was lost or whose delay is over.")
            .build();

    Setting<Duration> NOTIFICATION_RETRY_BACKOFF_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_RETRY_BACKOFF_SECONDS",
                    seconds(1, 3600),
                    "5",
                    "Wait before the first retry of a delivery; it doubles with each further one.")
            .build();

    Setting<Duration> NOTIFICATION_RETRY_MAX_DELAY_SECONDS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_RETRY_MAX_DELAY_SECONDS",
                    seconds(1, 86400),
                    "1800",
                    "Longest wait between two deliveries of one notification.")
            .build();

    Setting<Integer> NOTIFICATION_MAX_RETRIES = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_MAX_RETRIES",
                    integer(0, 100),
                    "4",
                    "A mail that was put off is retried at least so often, however long that takes; one that was handed over without an answer"
                            + " at most so often.")
            .build();

    Setting<Duration> NOTIFICATION_RETRY_FOR_HOURS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_RETRY_FOR_HOURS",
                    hours(1, 720),
                    "24",
                    "How long a mail that the host puts off is retried, from the first time on. Then it has failed, and its reader sees why.")
            .build();

    Setting<Duration> NOTIFICATION_HOLD_FOR_HOURS = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "NOTIFICATION_HOLD_FOR_HOURS",
                    hours(1, 720),
                    "120",
                    "How old a mail may become while the host is away or refuses us; such tries do not count against it.")
            .build();

    Setting<String> SES_REGION = withDefault(
                    SettingGroup.NOTIFICATIONS, "SES_REGION", text(40), "us-east-1", "AWS region of SES.")
            .reserved(ReservedBecause.ONLY_SMTP)
            .build();

    Setting<String> SES_SENDER_EMAIL = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SES_SENDER_EMAIL",
                    email(),
                    "noreply@example.com",
                    "Sender of mails that leave through SES.")
            .reserved(ReservedBecause.ONLY_SMTP)
            .build();

    Setting<String> SES_CONFIGURATION_SET = optional(
                    SettingGroup.NOTIFICATIONS, "SES_CONFIGURATION_SET", text(100), "Configuration set of SES.")
            .reserved(ReservedBecause.ONLY_SMTP)
            .build();

    Setting<URI> SES_ENDPOINT_URL = optional(
                    SettingGroup.NOTIFICATIONS,
                    "SES_ENDPOINT_URL",
                    httpUrl(),
                    "Other address of the SES API, for tests.")
            .reserved(ReservedBecause.ONLY_SMTP)
            .build();
}
