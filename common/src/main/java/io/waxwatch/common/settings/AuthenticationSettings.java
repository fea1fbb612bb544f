package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.choice;
import static io.waxwatch.common.settings.SettingType.days;
import static io.waxwatch.common.settings.SettingType.exactHttpUrl;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.listOf;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.secret;
import static io.waxwatch.common.settings.SettingType.text;
import static io.waxwatch.common.settings.SettingTypes.ordered;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The settings of the verification of tokens: constants that {@link SettingsCatalog} inherits. */
interface AuthenticationSettings {

    Setting<URI> SUPABASE_URL = optional(
                    SettingGroup.AUTHENTICATION,
                    "SUPABASE_URL",
                    httpUrl(),
                    "Base of a Supabase project; the issuer is <it>/auth/v1 unless AUTH_ISSUER says otherwise.")
            .build();

    Setting<String> AUTH_ISSUER = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_ISSUER",
                    exactHttpUrl(),
                    "Issuer that a token must name, compared to the letter.")
            .requiredInProductionBy(Role.GATEWAY)
            .build();

    Setting<URI> AUTH_JWKS_URL = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_JWKS_URL",
                    httpUrl(),
                    "Where the issuer publishes its keys; <issuer>/.well-known/jwks.json if absent.")
            .requiredInProductionBy(Role.GATEWAY)
            .build();

    Setting<String> AUTH_AUDIENCE = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_AUDIENCE",
                    text(500),
                    "authenticated",
                    "Audience that a token must name.")
            .build();

    Setting<List<String>> AUTH_JWT_ALGORITHMS = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_JWT_ALGORITHMS",
                    listOf(List.of(
                            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
                            "Ed25519")),
                    "RS256,ES256",
                    "Signature algorithms that are accepted; public-key ones only, because keys come from a "
                            + "public key set.")
            .build();

    Setting<Boolean> AUTH_DERIVE_USER_IDS = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_DERIVE_USER_IDS",
                    bool(),
                    "false",
                    "Whether a subject that is no UUID, such as Auth0's, is let in under one that is derived of issuer and subject.")
            .build();

    Setting<Duration> AUTH_JWKS_CACHE_TTL_SECONDS = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_JWKS_CACHE_TTL_SECONDS",
                    seconds(1, 86400),
                    "300",
                    "How long a fetched key set is used.")
            .build();

    Setting<Duration> AUTH_CLOCK_SKEW_SECONDS = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_CLOCK_SKEW_SECONDS",
                    seconds(0, 600),
                    "30",
                    "How far the issuer's clock may be off.")
            .build();

    Setting<PasswordGrantStyle> AUTH_PASSWORD_GRANT = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_PASSWORD_GRANT",
                    choice(ordered(
                            Map.entry("supabase", PasswordGrantStyle.SUPABASE),
                            Map.entry("oidc", PasswordGrantStyle.OIDC))),
                    "supabase",
                    "How a password is exchanged at the issuer for a browser session: `supabase` in JSON, `oidc` as an OAuth 2 form.")
            .build();

    Setting<URI> AUTH_TOKEN_URL = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_TOKEN_URL",
                    httpUrl(),
                    "Where the issuer exchanges passwords and refresh tokens; <issuer>/token if absent.")
            .build();

    Setting<String> AUTH_CLIENT_ID = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_CLIENT_ID",
                    text(300),
                    "Client id for that exchange in the form `oidc`.")
            .build();

    Setting<String> AUTH_SCOPE = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_SCOPE",
                    text(500),
                    "openid",
                    "Scopes asked for with a password in the form `oidc`, such as `openid offline_access` where only that brings refresh tokens.")
            .build();

    Setting<Secret> AUTH_CLIENT_SECRET = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_CLIENT_SECRET",
                    secret(),
                    "Client secret for that exchange; in the form `supabase` the project's API key.")
            .secretly()
            .build();

    Setting<Duration> SESSION_LIFETIME_DAYS = withDefault(
                    SettingGroup.AUTHENTICATION,
                    "SESSION_LIFETIME_DAYS",
                    days(1, 365),
                    "30",
                    "After how long a browser session ends, however often it was used.")
            .build();
}
