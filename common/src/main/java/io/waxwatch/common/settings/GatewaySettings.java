package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.listenPort;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.secret;
import static io.waxwatch.common.settings.SettingType.text;

import java.net.URI;
import java.time.Duration;

/** The settings of the gateway: constants that {@link SettingsCatalog} inherits. */
interface GatewaySettings {

    Setting<String> GATEWAY_HOST = withDefault(
                    SettingGroup.GATEWAY, "GATEWAY_HOST", text(253), "0.0.0.0", "Address on which the API listens.")
            .build();

    Setting<Integer> GATEWAY_PORT = withDefault(
                    SettingGroup.GATEWAY, "GATEWAY_PORT", listenPort(), "8000", "Port of the API; 0 takes a free one.")
            .build();

    Setting<Duration> REQUEST_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.GATEWAY,
                    "REQUEST_TIMEOUT_SECONDS",
                    seconds(1, 300),
                    "15",
                    "How long a client may take to send the head of its first request, and the whole body of each.")
            .build();

    Setting<Boolean> HTTP2_CLEARTEXT_ENABLED = withDefault(
                    SettingGroup.GATEWAY,
                    "HTTP2_CLEARTEXT_ENABLED",
                    bool(),
                    "true",
                    "Whether the API speaks HTTP/2 without TLS, for proxies that do.")
            .build();

    Setting<URI> PUBLIC_BASE_URL = withDefault(
                    SettingGroup.GATEWAY,
                    "PUBLIC_BASE_URL",
                    httpUrl(),
                    "http://localhost:8000",
                    "Where collectors reach the API; links in mails start with it.")
            .build();

    Setting<URI> START_PAGE_MAIL_URL = optional(
                    SettingGroup.GATEWAY,
                    "START_PAGE_MAIL_URL",
                    httpUrl(),
                    "Where the mails of a development environment can be read; linked from the page at the API's address.")
            .build();

    Setting<Secret> START_PAGE_ACCOUNT = optional(
                    SettingGroup.GATEWAY,
                    "START_PAGE_ACCOUNT",
                    secret(),
                    "`e-mail:password` with which that page fills in its form; used in development only.")
            .secretly()
            .build();
}
