package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waxwatch.common.settings.InvalidSettings.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class SettingsTest {

    private static final Map<String, String> DATABASE_ONLY = Map.of("DATABASE_URL", "postgresql://u:p@localhost/w");

    /** A setting, a text that is not its default, and what that text is read as. */
    private record Sample<T>(Setting<T> setting, String text, T value) {}

    private static final Map<Setting<?>, Object> DEFAULTS = Map.ofEntries(
            Map.entry(SettingsCatalog.APP_NAME, "watch-wax-api"),
            Map.entry(SettingsCatalog.ENVIRONMENT, "dev"),
            Map.entry(SettingsCatalog.LOG_LEVEL, Level.INFO),
            Map.entry(SettingsCatalog.JSON_LOGS, true),
            Map.entry(SettingsCatalog.MANAGEMENT_HOST, "127.0.0.1"),
            Map.entry(SettingsCatalog.MANAGEMENT_PORT, 9000),
            Map.entry(SettingsCatalog.STARTUP_TIMEOUT_SECONDS, Duration.ofSeconds(120)),
            Map.entry(SettingsCatalog.SHUTDOWN_GRACE_SECONDS, Duration.ofSeconds(20)),
            Map.entry(SettingsCatalog.DB_POOL, DatabasePooling.QUEUE),
            Map.entry(SettingsCatalog.DATABASE_POOL_MAX_SIZE, 8),
            Map.entry(SettingsCatalog.DATABASE_POOL_MAX_WAITERS, 1000),
            Map.entry(SettingsCatalog.DATABASE_ACQUIRE_TIMEOUT_SECONDS, Duration.ofSeconds(5)),
            Map.entry(SettingsCatalog.DATABASE_CONNECT_TIMEOUT_SECONDS, Duration.ofSeconds(5)),
            Map.entry(SettingsCatalog.DATABASE_STATEMENT_TIMEOUT_SECONDS, Duration.ofSeconds(15)),
            Map.entry(SettingsCatalog.DATABASE_TRANSACTION_TIMEOUT_SECONDS, Duration.ofSeconds(300)),
            Map.entry(SettingsCatalog.DATABASE_IDLE_TIMEOUT_SECONDS, Duration.ofSeconds(600)),
            Map.entry(SettingsCatalog.REDIS_URL, RedisAddress.parse("redis://127.0.0.1:6379/0")),
            Map.entry(SettingsCatalog.REDIS_TIMEOUT_MS, Duration.ofMillis(250)),
            Map.entry(SettingsCatalog.CLUSTER_NAME, "waxwatch"),
            Map.entry(SettingsCatalog.CLUSTER_HOST, "127.0.0.1"),
            Map.entry(SettingsCatalog.CLUSTER_PORT, 5701),
            Map.entry(SettingsCatalog.CLUSTER_PORT_COUNT, 1),
            Map.entry(SettingsCatalog.CLUSTER_MEMBERS, List.of()),
            Map.entry(SettingsCatalog.EVENT_BUS_PORT, 0),
            Map.entry(SettingsCatalog.GATEWAY_HOST, "0.0.0.0"),
            Map.entry(SettingsCatalog.GATEWAY_PORT, 8000),
            Map.entry(SettingsCatalog.REQUEST_TIMEOUT_SECONDS, Duration.ofSeconds(15)),
            Map.entry(SettingsCatalog.HTTP2_CLEARTEXT_ENABLED, true),
            Map.entry(SettingsCatalog.PUBLIC_BASE_URL, URI.create("http://localhost:8000")),
            Map.entry(SettingsCatalog.AUTH_AUDIENCE, "authenticated"),
            Map.entry(SettingsCatalog.AUTH_JWT_ALGORITHMS, List.of("RS256", "ES256")),
            Map.entry(SettingsCatalog.AUTH_JWKS_CACHE_TTL_SECONDS, Duration.ofSeconds(300)),
            Map.entry(SettingsCatalog.AUTH_CLOCK_SKEW_SECONDS, Duration.ofSeconds(30)),
            Map.entry(SettingsCatalog.AUTH_DERIVE_USER_IDS, false),
            Map.entry(SettingsCatalog.AUTH_SCOPE, "openid"),
            Map.entry(SettingsCatalog.AUTH_PASSWORD_GRANT, PasswordGrantStyle.SUPABASE),
            Map.entry(SettingsCatalog.SESSION_LIFETIME_DAYS, Duration.ofDays(30)),
            Map.entry(SettingsCatalog.CORS_ALLOWED_ORIGINS, List.of()),
            Map.entry(
                    SettingsCatalog.CORS_ALLOWED_METHODS, List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")),
            Map.entry(
                    SettingsCatalog.CORS_ALLOWED_HEADERS,
                    List.of(
                            "Authorization",
                            "Cache-Control",
                            "Content-Type",
                            "Idempotency-Key",
                            "If-None-Match",
                            "Last-Event-ID",
                            "X-Request-ID")),
            Map.entry(SettingsCatalog.CORS_ALLOW_CREDENTIALS, false),
            Map.entry(SettingsCatalog.RATE_LIMIT_ENABLED, true),
            Map.entry(SettingsCatalog.RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM, 120),
            Map.entry(SettingsCatalog.RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST, 30),
            Map.entry(SettingsCatalog.RATE_LIMIT_GLOBAL_ANONYMOUS_RPM, 60),
            Map.entry(SettingsCatalog.RATE_LIMIT_GLOBAL_ANONYMOUS_BURST, 10),
            Map.entry(SettingsCatalog.RATE_LIMIT_AUTH_ENDPOINT_RPM, 20),
            Map.entry(SettingsCatalog.RATE_LIMIT_AUTH_ENDPOINT_BURST, 5),
            Map.entry(SettingsCatalog.RATE_LIMIT_SEARCH_RPM, 30),
            Map.entry(SettingsCatalog.RATE_LIMIT_SEARCH_BURST, 10),
            Map.entry(SettingsCatalog.RATE_LIMIT_WATCH_RULES_RPM, 60),
            Map.entry(SettingsCatalog.RATE_LIMIT_WATCH_RULES_BURST, 20),
            Map.entry(SettingsCatalog.RATE_LIMIT_DISCOGS_RPM, 30),
            Map.entry(SettingsCatalog.RATE_LIMIT_DISCOGS_BURST, 10),
            Map.entry(SettingsCatalog.RATE_LIMIT_STREAM_EVENTS_RPM, 60),
            Map.entry(SettingsCatalog.RATE_LIMIT_STREAM_EVENTS_BURST, 20),
            Map.entry(SettingsCatalog.RATE_LIMIT_EBAY_NOTIFICATIONS_RPM, 600),
            Map.entry(SettingsCatalog.RATE_LIMIT_EBAY_NOTIFICATIONS_BURST, 100),
            Map.entry(SettingsCatalog.TRUSTED_PROXY_CIDRS, List.of()),
            Map.entry(SettingsCatalog.STREAM_HEARTBEAT_SECONDS, Duration.ofSeconds(4)),
            Map.entry(SettingsCatalog.STREAM_MAX_PER_USER, 10),
            Map.entry(SettingsCatalog.STREAM_BUFFER_BYTES, 65536),
            Map.entry(SettingsCatalog.SEARCH_PROVIDER_TIMEOUT_SECONDS, Duration.ofSeconds(8)),
            Map.entry(SettingsCatalog.SEARCH_MAX_IN_FLIGHT, 32),
            Map.entry(SettingsCatalog.SEARCH_MAX_IN_FLIGHT_PER_USER, 4),
            Map.entry(SettingsCatalog.SEARCH_CACHE_SECONDS, Duration.ofSeconds(30)),
            Map.entry(SettingsCatalog.EBAY_CALLS_PER_DAY, 5000),
            Map.entry(SettingsCatalog.DISCOGS_CALLS_PER_MINUTE, 60),
            Map.entry(SettingsCatalog.DISCOGS_EGRESS, "default"),
            Map.entry(SettingsCatalog.DEV_AUTO_CREATE_USERS, true),
            Map.entry(SettingsCatalog.DEV_BACKFILL_ON_RULE_CHANGE, true),
            Map.entry(SettingsCatalog.DEV_BACKFILL_DAYS, 7),
            Map.entry(SettingsCatalog.DEV_BACKFILL_LIMIT, 500),
            Map.entry(SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS, Duration.ofSeconds(30)),
            Map.entry(SettingsCatalog.RULE_MAX_POLL_INTERVAL_SECONDS, Duration.ofSeconds(86400)),
            Map.entry(SettingsCatalog.RULES_MAX_PER_USER, 500),
            Map.entry(SettingsCatalog.RULE_QUERIES_MAX_PER_USER, 250),
            Map.entry(SettingsCatalog.WATCH_RELEASES_MAX_PER_USER, 50_000),
            Map.entry(SettingsCatalog.SCHEDULER_POLL_INTERVAL_SECONDS, Duration.ofSeconds(15)),
            Map.entry(SettingsCatalog.SCHEDULER_BATCH_SIZE, 100),
            Map.entry(SettingsCatalog.SCHEDULER_NEXT_RUN_JITTER_SECONDS, Duration.ofSeconds(5)),
            Map.entry(SettingsCatalog.SCHEDULER_FAILURE_RETRY_JITTER_SECONDS, Duration.ofSeconds(5)),
            Map.entry(SettingsCatalog.SCHEDULER_LEASE_SECONDS, Duration.ofSeconds(60)),
            Map.entry(SettingsCatalog.SCHEDULER_MAX_UNACKNOWLEDGED, 64),
            Map.entry(SettingsCatalog.EBAY_SWEEP_INTERVAL_SECONDS, Duration.ofSeconds(120)),
            Map.entry(SettingsCatalog.RELEASE_FLOOR_INTERVAL_SECONDS, Duration.ofSeconds(900)),
            Map.entry(SettingsCatalog.RETENTION_INTERVAL_SECONDS, Duration.ofSeconds(3600)),
            Map.entry(SettingsCatalog.RETENTION_PRICE_SNAPSHOTS_DAYS, Duration.ofDays(365)),
            Map.entry(SettingsCatalog.RETENTION_PROVIDER_REQUESTS_DAYS, Duration.ofDays(30)),
            Map.entry(SettingsCatalog.RETENTION_EVENTS_DAYS, Duration.ofDays(180)),
            Map.entry(SettingsCatalog.DISCOGS_BASE_URL, URI.create("https://api.discogs.com")),
            Map.entry(SettingsCatalog.DISCOGS_SITE_URL, URI.create("https://www.discogs.com")),
            Map.entry(SettingsCatalog.DISCOGS_OAUTH_SCOPES, "identity wantlist collection"),
            Map.entry(SettingsCatalog.DISCOGS_OAUTH_STATE_TTL_SECONDS, Duration.ofSeconds(600)),
            Map.entry(SettingsCatalog.DISCOGS_TIMEOUT_SECONDS, Duration.ofSeconds(10)),
            Map.entry(SettingsCatalog.DISCOGS_MAX_ATTEMPTS, 4),
            Map.entry(SettingsCatalog.DISCOGS_RETRY_BASE_DELAY_MS, Duration.ofMillis(250)),
            Map.entry(SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS, Duration.ofMillis(5000)),
            Map.entry(SettingsCatalog.DISCOGS_SYNC_ENABLED, false),
            Map.entry(SettingsCatalog.DISCOGS_SYNC_INTERVAL_SECONDS, Duration.ofSeconds(3600)),
            Map.entry(SettingsCatalog.DISCOGS_SYNC_USER_BATCH_SIZE, 25),
            Map.entry(SettingsCatalog.DISCOGS_SYNC_JITTER_SECONDS, Duration.ofSeconds(30)),
            Map.entry(SettingsCatalog.DISCOGS_SYNC_SPREAD_SECONDS, Duration.ofSeconds(5)),
            Map.entry(SettingsCatalog.EBAY_BASE_URL, URI.create("https://api.ebay.com")),
            Map.entry(SettingsCatalog.EBAY_OAUTH_SCOPE, "https://api.ebay.com/oauth/api_scope"),
            Map.entry(SettingsCatalog.EBAY_MARKETPLACE_ID, "EBAY_US"),
            Map.entry(SettingsCatalog.EBAY_CATEGORY_ID, "176985"),
            Map.entry(SettingsCatalog.EBAY_SWEEP_MAX_PAGES, 5),
            Map.entry(SettingsCatalog.EBAY_TIMEOUT_SECONDS, Duration.ofSeconds(10)),
            Map.entry(SettingsCatalog.EBAY_MAX_ATTEMPTS, 4),
            Map.entry(SettingsCatalog.EBAY_RETRY_BASE_DELAY_MS, Duration.ofMillis(250)),
            Map.entry(SettingsCatalog.EBAY_RETRY_MAX_DELAY_MS, Duration.ofMillis(5000)),
            Map.entry(SettingsCatalog.NOTIFICATION_EMAIL_PROVIDER, EmailProvider.STUB),
            Map.entry(SettingsCatalog.NOTIFICATION_SENDER_EMAIL, "noreply@example.com"),
            Map.entry(SettingsCatalog.SMTP_PORT, 587),
            Map.entry(SettingsCatalog.SMTP_STARTTLS, true),
            Map.entry(SettingsCatalog.NOTIFICATION_SENDER_NAME, "WaxWatch"),
            Map.entry(SettingsCatalog.SMTP_CONNECTIONS, 16),
            Map.entry(SettingsCatalog.SMTP_TIMEOUT_SECONDS, Duration.ofSeconds(10)),
            Map.entry(SettingsCatalog.SMTP_COMMAND_TIMEOUT_SECONDS, Duration.ofSeconds(300)),
            Map.entry(SettingsCatalog.SMTP_DATA_TIMEOUT_SECONDS, Duration.ofSeconds(120)),
            Map.entry(SettingsCatalog.SMTP_BLOCK_TIMEOUT_SECONDS, Duration.ofSeconds(180)),
            Map.entry(SettingsCatalog.SMTP_END_TIMEOUT_SECONDS, Duration.ofSeconds(600)),
            Map.entry(SettingsCatalog.NOTIFICATION_RETRY_FOR_HOURS, Duration.ofHours(24)),
            Map.entry(SettingsCatalog.NOTIFICATION_HOLD_FOR_HOURS, Duration.ofHours(120)),
            Map.entry(SettingsCatalog.NOTIFICATION_BATCH_SIZE, 100),
            Map.entry(SettingsCatalog.NOTIFICATION_LEASE_SECONDS, Duration.ofSeconds(30)),
            Map.entry(SettingsCatalog.NOTIFICATION_SWEEP_INTERVAL_MS, Duration.ofMillis(1000)),
            Map.entry(SettingsCatalog.NOTIFICATION_RETRY_BACKOFF_SECONDS, Duration.ofSeconds(5)),
            Map.entry(SettingsCatalog.NOTIFICATION_RETRY_MAX_DELAY_SECONDS, Duration.ofSeconds(1800)),
            Map.entry(SettingsCatalog.NOTIFICATION_MAX_RETRIES, 4),
            Map.entry(SettingsCatalog.SES_REGION, "us-east-1"),
            Map.entry(SettingsCatalog.SES_SENDER_EMAIL, "noreply@example.com"),
            Map.entry(SettingsCatalog.SENTRY_ENABLED_ENVIRONMENTS, List.of("staging", "prod")),
            Map.entry(SettingsCatalog.SENTRY_TRACES_SAMPLE_RATE, 0.0),
            Map.entry(SettingsCatalog.STANDALONE_DATA_DIRECTORY, Path.of(".run")),
            Map.entry(SettingsCatalog.STANDALONE_POSTGRES_PORT, 0),
            Map.entry(SettingsCatalog.STANDALONE_REDIS_PORT, 0),
            Map.entry(SettingsCatalog.STANDALONE_SANDBOX_PORT, 0),
            Map.entry(SettingsCatalog.STANDALONE_IDENTITY_PORT, 0),
            Map.entry(SettingsCatalog.STANDALONE_SMTP_PORT, 0),
            Map.entry(SettingsCatalog.STANDALONE_MAIL_PORT, 0));

    private static final Path CERTIFICATE = pem("CERTIFICATE");
    private static final Path KEY = pem("EC PRIVATE KEY");

    private static final List<Sample<?>> OTHERS = List.of(
            new Sample<>(SettingsCatalog.APP_NAME, "other-app_name", "other-app_name"),
            new Sample<>(SettingsCatalog.ENVIRONMENT, "Staging", "staging"),
            new Sample<>(SettingsCatalog.LOG_LEVEL, "warning", Level.WARN),
            new Sample<>(SettingsCatalog.JSON_LOGS, "false", false),
            new Sample<>(SettingsCatalog.NODE_NAME, "other-node_name", "other-node_name"),
            new Sample<>(SettingsCatalog.MANAGEMENT_HOST, "other-management_host", "other-management_host"),
            new Sample<>(SettingsCatalog.MANAGEMENT_PORT, "9001", 9001),
            new Sample<>(SettingsCatalog.METRICS_ON_PUBLIC_PORT, "false", false),
            new Sample<>(SettingsCatalog.STARTUP_TIMEOUT_SECONDS, "121", Duration.ofSeconds(121)),
            new Sample<>(SettingsCatalog.SHUTDOWN_GRACE_SECONDS, "21", Duration.ofSeconds(21)),
            new Sample<>(
                    SettingsCatalog.DATABASE_URL,
                    "postgresql://u:p@db.example:6432/w",
                    DatabaseAddress.parse("postgresql://u:p@db.example:6432/w")),
            new Sample<>(SettingsCatalog.DB_POOL, "null", DatabasePooling.NULL),
            new Sample<>(SettingsCatalog.DATABASE_POOL_MAX_SIZE, "9", 9),
            new Sample<>(SettingsCatalog.DATABASE_POOL_MAX_WAITERS, "1001", 1001),
            new Sample<>(SettingsCatalog.DATABASE_ACQUIRE_TIMEOUT_SECONDS, "6", Duration.ofSeconds(6)),
            new Sample<>(SettingsCatalog.DATABASE_CONNECT_TIMEOUT_SECONDS, "6", Duration.ofSeconds(6)),
            new Sample<>(SettingsCatalog.DATABASE_STATEMENT_TIMEOUT_SECONDS, "16", Duration.ofSeconds(16)),
            new Sample<>(SettingsCatalog.DATABASE_TRANSACTION_TIMEOUT_SECONDS, "301", Duration.ofSeconds(301)),
            new Sample<>(SettingsCatalog.DATABASE_IDLE_TIMEOUT_SECONDS, "601", Duration.ofSeconds(601)),
            new Sample<>(
                    SettingsCatalog.REDIS_URL,
                    "rediss://:p@r.example:6380/3",
                    RedisAddress.parse("rediss://:p@r.example:6380/3")),
            new Sample<>(SettingsCatalog.REDIS_CA_FILE, CERTIFICATE.toString(), CERTIFICATE),
            new Sample<>(SettingsCatalog.REDIS_TIMEOUT_MS, "251", Duration.ofMillis(251)),
            new Sample<>(SettingsCatalog.CLUSTER_NAME, "other-cluster_name", "other-cluster_name"),
            new Sample<>(SettingsCatalog.CLUSTER_HOST, "other-cluster_host", "other-cluster_host"),
            new Sample<>(SettingsCatalog.CLUSTER_PORT, "5702", 5702),
            new Sample<>(SettingsCatalog.CLUSTER_PORT_COUNT, "20", 20),
            new Sample<>(SettingsCatalog.CLUSTER_MEMBERS, "x, y", List.of("x", "y")),
            new Sample<>(
                    SettingsCatalog.CLUSTER_KUBERNETES_SERVICE_DNS,
                    "other-cluster_kubernetes_service_dns",
                    "other-cluster_kubernetes_service_dns"),
            new Sample<>(SettingsCatalog.EVENT_BUS_PORT, "1", 1),
            new Sample<>(SettingsCatalog.CLUSTER_TLS_CERT_FILE, CERTIFICATE.toString(), CERTIFICATE),
            new Sample<>(SettingsCatalog.CLUSTER_TLS_KEY_FILE, KEY.toString(), KEY),
            new Sample<>(SettingsCatalog.CLUSTER_TLS_CA_FILE, CERTIFICATE.toString(), CERTIFICATE),
            new Sample<>(SettingsCatalog.GATEWAY_HOST, "other-gateway_host", "other-gateway_host"),
            new Sample<>(SettingsCatalog.GATEWAY_PORT, "8001", 8001),
            new Sample<>(SettingsCatalog.REQUEST_TIMEOUT_SECONDS, "16", Duration.ofSeconds(16)),
            new Sample<>(SettingsCatalog.HTTP2_CLEARTEXT_ENABLED, "false", false),
            new Sample<>(
                    SettingsCatalog.PUBLIC_BASE_URL,
                    "https://public-base-url.example/x",
                    URI.create("https://public-base-url.example/x")),
            new Sample<>(
                    SettingsCatalog.START_PAGE_MAIL_URL,
                    "http://localhost:9/mails",
                    URI.create("http://localhost:9/mails")),
            new Sample<>(SettingsCatalog.START_PAGE_ACCOUNT, "ann:other-secret", new Secret("ann:other-secret")),
            new Sample<>(
                    SettingsCatalog.SUPABASE_URL,
                    "https://supabase-url.example/x",
                    URI.create("https://supabase-url.example/x")),
            new Sample<>(SettingsCatalog.AUTH_ISSUER, "https://issuer.example/", "https://issuer.example/"),
            new Sample<>(
                    SettingsCatalog.AUTH_JWKS_URL,
                    "https://auth-jwks-url.example/x",
                    URI.create("https://auth-jwks-url.example/x")),
            new Sample<>(SettingsCatalog.AUTH_AUDIENCE, "other-auth_audience", "other-auth_audience"),
            new Sample<>(SettingsCatalog.AUTH_JWT_ALGORITHMS, "ES256, EdDSA", List.of("ES256", "EdDSA")),
            new Sample<>(SettingsCatalog.AUTH_DERIVE_USER_IDS, "true", true),
            new Sample<>(SettingsCatalog.AUTH_JWKS_CACHE_TTL_SECONDS, "301", Duration.ofSeconds(301)),
            new Sample<>(SettingsCatalog.AUTH_CLOCK_SKEW_SECONDS, "31", Duration.ofSeconds(31)),
            new Sample<>(SettingsCatalog.AUTH_PASSWORD_GRANT, "OIDC", PasswordGrantStyle.OIDC),
            new Sample<>(
                    SettingsCatalog.AUTH_TOKEN_URL,
                    "https://auth-token-url.example/x",
                    URI.create("https://auth-token-url.example/x")),
            new Sample<>(SettingsCatalog.AUTH_CLIENT_ID, "other-auth_client_id", "other-auth_client_id"),
            new Sample<>(SettingsCatalog.AUTH_SCOPE, "openid offline_access", "openid offline_access"),
            new Sample<>(SettingsCatalog.AUTH_CLIENT_SECRET, "other-secret", new Secret("other-secret")),
            new Sample<>(SettingsCatalog.SESSION_LIFETIME_DAYS, "31", Duration.ofDays(31)),
            new Sample<>(
                    SettingsCatalog.CORS_ALLOWED_ORIGINS,
                    "[\"https://a.example\", \"https://b.example\"]",
                    List.of("https://a.example", "https://b.example")),
            new Sample<>(SettingsCatalog.CORS_ALLOWED_METHODS, "x, y", List.of("x", "y")),
            new Sample<>(SettingsCatalog.CORS_ALLOWED_HEADERS, "x, y", List.of("x", "y")),
            new Sample<>(SettingsCatalog.CORS_ALLOW_CREDENTIALS, "true", true),
            new Sample<>(SettingsCatalog.RATE_LIMIT_ENABLED, "false", false),
            new Sample<>(SettingsCatalog.RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM, "121", 121),
            new Sample<>(SettingsCatalog.RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST, "31", 31),
            new Sample<>(SettingsCatalog.RATE_LIMIT_GLOBAL_ANONYMOUS_RPM, "61", 61),
            new Sample<>(SettingsCatalog.RATE_LIMIT_GLOBAL_ANONYMOUS_BURST, "11", 11),
            new Sample<>(SettingsCatalog.RATE_LIMIT_AUTH_ENDPOINT_RPM, "21", 21),
            new Sample<>(SettingsCatalog.RATE_LIMIT_AUTH_ENDPOINT_BURST, "6", 6),
            new Sample<>(SettingsCatalog.RATE_LIMIT_SEARCH_RPM, "31", 31),
            new Sample<>(SettingsCatalog.RATE_LIMIT_SEARCH_BURST, "11", 11),
            new Sample<>(SettingsCatalog.RATE_LIMIT_WATCH_RULES_RPM, "61", 61),
            new Sample<>(SettingsCatalog.RATE_LIMIT_WATCH_RULES_BURST, "21", 21),
            new Sample<>(SettingsCatalog.RATE_LIMIT_DISCOGS_RPM, "31", 31),
            new Sample<>(SettingsCatalog.RATE_LIMIT_DISCOGS_BURST, "11", 11),
            new Sample<>(SettingsCatalog.RATE_LIMIT_STREAM_EVENTS_RPM, "13", 13),
            new Sample<>(SettingsCatalog.RATE_LIMIT_STREAM_EVENTS_BURST, "3", 3),
            new Sample<>(SettingsCatalog.RATE_LIMIT_EBAY_NOTIFICATIONS_RPM, "14", 14),
            new Sample<>(SettingsCatalog.RATE_LIMIT_EBAY_NOTIFICATIONS_BURST, "4", 4),
            new Sample<>(
                    SettingsCatalog.TRUSTED_PROXY_CIDRS,
                    "10.0.0.0/8, ::1",
                    List.of(
                            AddressBlock.parse("10.0.0.0/8").orElseThrow(),
                            AddressBlock.parse("::1/128").orElseThrow())),
            new Sample<>(SettingsCatalog.STREAM_HEARTBEAT_SECONDS, "11", Duration.ofSeconds(11)),
            new Sample<>(SettingsCatalog.STREAM_MAX_PER_USER, "11", 11),
            new Sample<>(SettingsCatalog.STREAM_BUFFER_BYTES, "65537", 65537),
            new Sample<>(SettingsCatalog.SEARCH_PROVIDER_TIMEOUT_SECONDS, "9", Duration.ofSeconds(9)),
            new Sample<>(SettingsCatalog.SEARCH_MAX_IN_FLIGHT, "33", 33),
            new Sample<>(SettingsCatalog.SEARCH_MAX_IN_FLIGHT_PER_USER, "5", 5),
            new Sample<>(SettingsCatalog.SEARCH_CACHE_SECONDS, "0", Duration.ZERO),
            new Sample<>(SettingsCatalog.DEV_AUTO_CREATE_USERS, "false", false),
            new Sample<>(SettingsCatalog.DEV_BACKFILL_ON_RULE_CHANGE, "false", false),
            new Sample<>(SettingsCatalog.DEV_BACKFILL_DAYS, "8", 8),
            new Sample<>(SettingsCatalog.DEV_BACKFILL_LIMIT, "501", 501),
            new Sample<>(SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS, "31", Duration.ofSeconds(31)),
            new Sample<>(SettingsCatalog.RULE_MAX_POLL_INTERVAL_SECONDS, "86401", Duration.ofSeconds(86401)),
            new Sample<>(SettingsCatalog.RULES_MAX_PER_USER, "7", 7),
            new Sample<>(SettingsCatalog.RULE_QUERIES_MAX_PER_USER, "8", 8),
            new Sample<>(SettingsCatalog.WATCH_RELEASES_MAX_PER_USER, "9", 9),
            new Sample<>(SettingsCatalog.SCHEDULER_POLL_INTERVAL_SECONDS, "16", Duration.ofSeconds(16)),
            new Sample<>(SettingsCatalog.SCHEDULER_BATCH_SIZE, "101", 101),
            new Sample<>(SettingsCatalog.SCHEDULER_NEXT_RUN_JITTER_SECONDS, "6", Duration.ofSeconds(6)),
            new Sample<>(SettingsCatalog.SCHEDULER_FAILURE_RETRY_JITTER_SECONDS, "6", Duration.ofSeconds(6)),
            new Sample<>(SettingsCatalog.SCHEDULER_LEASE_SECONDS, "61", Duration.ofSeconds(61)),
            new Sample<>(SettingsCatalog.SCHEDULER_MAX_UNACKNOWLEDGED, "65", 65),
            new Sample<>(SettingsCatalog.EBAY_SWEEP_INTERVAL_SECONDS, "121", Duration.ofSeconds(121)),
            new Sample<>(SettingsCatalog.RELEASE_FLOOR_INTERVAL_SECONDS, "901", Duration.ofSeconds(901)),
            new Sample<>(SettingsCatalog.RETENTION_INTERVAL_SECONDS, "3601", Duration.ofSeconds(3601)),
            new Sample<>(SettingsCatalog.RETENTION_PRICE_SNAPSHOTS_DAYS, "366", Duration.ofDays(366)),
            new Sample<>(SettingsCatalog.RETENTION_PROVIDER_REQUESTS_DAYS, "31", Duration.ofDays(31)),
            new Sample<>(SettingsCatalog.RETENTION_EVENTS_DAYS, "181", Duration.ofDays(181)),
            new Sample<>(
                    SettingsCatalog.DISCOGS_BASE_URL,
                    "https://discogs-base-url.example/x",
                    URI.create("https://discogs-base-url.example/x")),
            new Sample<>(
                    SettingsCatalog.DISCOGS_SITE_URL,
                    "https://discogs-site-url.example/x",
                    URI.create("https://discogs-site-url.example/x")),
            new Sample<>(SettingsCatalog.DISCOGS_USER_AGENT, "other-discogs_user_agent", "other-discogs_user_agent"),
            new Sample<>(SettingsCatalog.DISCOGS_TOKEN, "s-discogs_token", new Secret("s-discogs_token")),
            new Sample<>(
                    SettingsCatalog.DISCOGS_OAUTH_CLIENT_ID,
                    "other-discogs_oauth_client_id",
                    "other-discogs_oauth_client_id"),
            new Sample<>(
                    SettingsCatalog.DISCOGS_OAUTH_CLIENT_SECRET,
                    "s-discogs_oauth_client_secret",
                    new Secret("s-discogs_oauth_client_secret")),
            new Sample<>(
                    SettingsCatalog.DISCOGS_OAUTH_REDIRECT_URI,
                    "https://discogs-oauth-redirect-uri.example/x",
                    URI.create("https://discogs-oauth-redirect-uri.example/x")),
            new Sample<>(
                    SettingsCatalog.DISCOGS_OAUTH_SCOPES, "other-discogs_oauth_scopes", "other-discogs_oauth_scopes"),
            new Sample<>(SettingsCatalog.DISCOGS_OAUTH_STATE_TTL_SECONDS, "601", Duration.ofSeconds(601)),
            new Sample<>(SettingsCatalog.DISCOGS_TIMEOUT_SECONDS, "7.5", Duration.ofMillis(7500)),
            new Sample<>(SettingsCatalog.DISCOGS_MAX_ATTEMPTS, "5", 5),
            new Sample<>(SettingsCatalog.DISCOGS_RETRY_BASE_DELAY_MS, "251", Duration.ofMillis(251)),
            new Sample<>(SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS, "5001", Duration.ofMillis(5001)),
            new Sample<>(SettingsCatalog.DISCOGS_SYNC_ENABLED, "true", true),
            new Sample<>(SettingsCatalog.DISCOGS_SYNC_INTERVAL_SECONDS, "3601", Duration.ofSeconds(3601)),
            new Sample<>(SettingsCatalog.DISCOGS_SYNC_USER_BATCH_SIZE, "26", 26),
            new Sample<>(SettingsCatalog.DISCOGS_SYNC_JITTER_SECONDS, "31", Duration.ofSeconds(31)),
            new Sample<>(SettingsCatalog.DISCOGS_SYNC_SPREAD_SECONDS, "6", Duration.ofSeconds(6)),
            new Sample<>(SettingsCatalog.DISCOGS_CALLS_PER_MINUTE, "61", 61),
            new Sample<>(SettingsCatalog.DISCOGS_EGRESS, "second", "second"),
            new Sample<>(
                    SettingsCatalog.EBAY_BASE_URL,
                    "https://ebay-base-url.example/x",
                    URI.create("https://ebay-base-url.example/x")),
            new Sample<>(SettingsCatalog.EBAY_CLIENT_ID, "other-ebay_client_id", "other-ebay_client_id"),
            new Sample<>(
                    SettingsCatalog.EBAY_CLIENT_SECRET, "s-ebay_client_secret", new Secret("s-ebay_client_secret")),
            new Sample<>(SettingsCatalog.EBAY_OAUTH_SCOPE, "other-ebay_oauth_scope", "other-ebay_oauth_scope"),
            new Sample<>(SettingsCatalog.EBAY_MARKETPLACE_ID, "other-ebay_marketplace_id", "other-ebay_marketplace_id"),
            new Sample<>(SettingsCatalog.EBAY_CATEGORY_ID, "other-ebay_category_id", "other-ebay_category_id"),
            new Sample<>(SettingsCatalog.EBAY_SWEEP_MAX_PAGES, "6", 6),
            new Sample<>(SettingsCatalog.EBAY_TIMEOUT_SECONDS, "11", Duration.ofSeconds(11)),
            new Sample<>(SettingsCatalog.EBAY_MAX_ATTEMPTS, "5", 5),
            new Sample<>(SettingsCatalog.EBAY_RETRY_BASE_DELAY_MS, "251", Duration.ofMillis(251)),
            new Sample<>(SettingsCatalog.EBAY_RETRY_MAX_DELAY_MS, "5001", Duration.ofMillis(5001)),
            new Sample<>(SettingsCatalog.EBAY_CALLS_PER_DAY, "5001", 5001),
            new Sample<>(SettingsCatalog.EBAY_CAMPAIGN_ID, "other-ebay_campaign_id", "other-ebay_campaign_id"),
            new Sample<>(SettingsCatalog.EBAY_CUSTOM_ID, "other-ebay_custom_id", "other-ebay_custom_id"),
            new Sample<>(
                    SettingsCatalog.EBAY_DELETION_VERIFICATION_TOKEN,
                    "s-ebay_deletion_verification_token",
                    new Secret("s-ebay_deletion_verification_token")),
            new Sample<>(
                    SettingsCatalog.EBAY_DELETION_ENDPOINT_URL,
                    "https://waxwatch.example/api/ebay/account-deletion?x=1",
                    "https://waxwatch.example/api/ebay/account-deletion?x=1"),
            new Sample<>(
                    SettingsCatalog.TOKEN_CRYPTO_KMS_KEY_ID,
                    "other-token_crypto_kms_key_id",
                    "other-token_crypto_kms_key_id"),
            new Sample<>(SettingsCatalog.TOKEN_CRYPTO_KMS_REGION, "eu-west-3", "eu-west-3"),
            new Sample<>(
                    SettingsCatalog.TOKEN_CRYPTO_KMS_ENDPOINT_URL,
                    "https://kms.example",
                    URI.create("https://kms.example")),
            new Sample<>(
                    SettingsCatalog.TOKEN_CRYPTO_LOCAL_KEY,
                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    new Secret("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
            new Sample<>(
                    SettingsCatalog.TOKEN_CRYPTO_LOCAL_KEY_PATH,
                    "/srv/token_crypto_local_key_path",
                    Path.of("/srv/token_crypto_local_key_path")),
            new Sample<>(SettingsCatalog.NOTIFICATION_EMAIL_PROVIDER, "smtp", EmailProvider.SMTP),
            new Sample<>(
                    SettingsCatalog.NOTIFICATION_SENDER_EMAIL, "alerts@waxwatch.example", "alerts@waxwatch.example"),
            new Sample<>(SettingsCatalog.NOTIFICATION_SENDER_NAME, "Wax", "Wax"),
            new Sample<>(SettingsCatalog.NOTIFICATION_MESSAGE_ID_DOMAIN, "id.wax.example", "id.wax.example"),
            new Sample<>(SettingsCatalog.SMTP_HOST, "other-smtp_host", "other-smtp_host"),
            new Sample<>(SettingsCatalog.SMTP_PORT, "588", 588),
            new Sample<>(SettingsCatalog.SMTP_USERNAME, "other-smtp_username", "other-smtp_username"),
            new Sample<>(SettingsCatalog.SMTP_PASSWORD, "s-smtp_password", new Secret("s-smtp_password")),
            new Sample<>(SettingsCatalog.SMTP_STARTTLS, "false", false),
            new Sample<>(SettingsCatalog.SMTP_EHLO_NAME, "mx.wax.example", "mx.wax.example"),
            new Sample<>(SettingsCatalog.SMTP_CONNECTIONS, "17", 17),
            new Sample<>(SettingsCatalog.SMTP_TIMEOUT_SECONDS, "11", Duration.ofSeconds(11)),
            new Sample<>(SettingsCatalog.SMTP_COMMAND_TIMEOUT_SECONDS, "301", Duration.ofSeconds(301)),
            new Sample<>(SettingsCatalog.SMTP_DATA_TIMEOUT_SECONDS, "121", Duration.ofSeconds(121)),
            new Sample<>(SettingsCatalog.SMTP_BLOCK_TIMEOUT_SECONDS, "181", Duration.ofSeconds(181)),
            new Sample<>(SettingsCatalog.SMTP_END_TIMEOUT_SECONDS, "601", Duration.ofSeconds(601)),
            new Sample<>(SettingsCatalog.NOTIFICATION_BATCH_SIZE, "101", 101),
            new Sample<>(SettingsCatalog.NOTIFICATION_LEASE_SECONDS, "31", Duration.ofSeconds(31)),
            new Sample<>(SettingsCatalog.NOTIFICATION_SWEEP_INTERVAL_MS, "1001", Duration.ofMillis(1001)),
            new Sample<>(SettingsCatalog.NOTIFICATION_RETRY_BACKOFF_SECONDS, "6", Duration.ofSeconds(6)),
            new Sample<>(SettingsCatalog.NOTIFICATION_RETRY_MAX_DELAY_SECONDS, "601", Duration.ofSeconds(601)),
            new Sample<>(SettingsCatalog.NOTIFICATION_MAX_RETRIES, "5", 5),
            new Sample<>(SettingsCatalog.NOTIFICATION_RETRY_FOR_HOURS, "25", Duration.ofHours(25)),
            new Sample<>(SettingsCatalog.NOTIFICATION_HOLD_FOR_HOURS, "121", Duration.ofHours(121)),
            new Sample<>(SettingsCatalog.SES_REGION, "other-ses_region", "other-ses_region"),
            new Sample<>(SettingsCatalog.SES_SENDER_EMAIL, "alerts@waxwatch.example", "alerts@waxwatch.example"),
            new Sample<>(
                    SettingsCatalog.SES_CONFIGURATION_SET,
                    "other-ses_configuration_set",
                    "other-ses_configuration_set"),
            new Sample<>(
                    SettingsCatalog.SES_ENDPOINT_URL,
                    "https://ses-endpoint-url.example/x",
                    URI.create("https://ses-endpoint-url.example/x")),
            new Sample<>(
                    SettingsCatalog.SENTRY_DSN,
                    "https://key@sentry.example/1",
                    new Secret("https://key@sentry.example/1")),
            new Sample<>(SettingsCatalog.SENTRY_ENVIRONMENT, "other-sentry_environment", "other-sentry_environment"),
            new Sample<>(SettingsCatalog.SENTRY_ENABLED_ENVIRONMENTS, "x, y", List.of("x", "y")),
            new Sample<>(SettingsCatalog.SENTRY_TRACES_SAMPLE_RATE, "0.25", 0.25),
            new Sample<>(
                    SettingsCatalog.STANDALONE_DATA_DIRECTORY,
                    "/srv/standalone_data_directory",
                    Path.of("/srv/standalone_data_directory")),
            new Sample<>(SettingsCatalog.STANDALONE_POSTGRES_PORT, "1", 1),
            new Sample<>(SettingsCatalog.STANDALONE_REDIS_PORT, "1", 1),
            new Sample<>(SettingsCatalog.STANDALONE_SANDBOX_PORT, "1", 1),
            new Sample<>(SettingsCatalog.STANDALONE_IDENTITY_PORT, "1", 1),
            new Sample<>(SettingsCatalog.STANDALONE_SMTP_PORT, "1", 1),
            new Sample<>(SettingsCatalog.STANDALONE_MAIL_PORT, "1", 1));

    @Test
    void catalogue_lists_every_constant_once_under_its_own_name() {
        List<String> constants = Arrays.stream(SettingsCatalog.class.getFields())
                .filter(field -> field.getType() == Setting.class)
                .map(Field::getName)
                .toList();

        assertThat(SettingsCatalog.all()).extracting(Setting::name).containsExactlyInAnyOrderElementsOf(constants);
    }

    @Test
    void catalogue_keeps_groups_together_and_explains_in_sentences() {
        List<SettingGroup> groups =
                SettingsCatalog.all().stream().map(Setting::group).toList();
        List<SettingGroup> runs = new ArrayList<>();
        for (SettingGroup group : groups) {
            if (runs.isEmpty() || runs.get(runs.size() - 1) != group) {
                runs.add(group);
            }
        }

        assertThat(runs).containsExactly(SettingGroup.values());
        assertThat(SettingsCatalog.all())
                .allSatisfy(setting -> assertThat(setting.doc()).endsWith(".").doesNotContain("\n"));
    }

    @Test
    void catalogue_marks_as_secret_what_may_hold_a_credential() {
        Set<Class<?>> carriers = Set.of(Secret.class, DatabaseAddress.class, RedisAddress.class);

        for (Sample<?> sample : OTHERS) {
            assertThat(sample.setting().secret())
                    .as(sample.setting().name())
                    .isEqualTo(carriers.contains(sample.value().getClass()));
        }
    }

    @Test
    void retired_variables_are_not_read_and_name_settings_that_are() {
        List<String> names = SettingsCatalog.all().stream().map(Setting::name).toList();

        assertThat(SettingsCatalog.retired()).allSatisfy(retired -> {
            assertThat(names).doesNotContain(retired.name());
            assertThat(names).containsAll(retired.successors());
        });
    }

    @Test
    void pins_every_default() {
        Settings settings = Settings.load(Map.of(), Role.STANDALONE);

        Map<Setting<?>, Object> read = new HashMap<>();
        SettingsCatalog.all().forEach(setting -> settings.find(setting).ifPresent(value -> read.put(setting, value)));
        assertThat(read).containsExactlyInAnyOrderEntriesOf(DEFAULTS);
        assertThat(SettingsCatalog.all()).noneMatch(settings::isSet);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void reads_another_value_for_every_setting(Role role) {
        Map<String, String> environment = new HashMap<>();
        OTHERS.forEach(sample -> environment.put(sample.setting().name(), sample.text()));

        Settings settings = Settings.load(environment, role);

        for (Sample<?> sample : OTHERS) {
            assertThat((Object) settings.get(sample.setting()))
                    .as(sample.setting().name())
                    .isEqualTo(sample.value())
                    .isNotEqualTo(DEFAULTS.get(sample.setting()));
            assertThat(settings.isSet(sample.setting())).isTrue();
        }
        assertThat(OTHERS.stream().map(sample -> sample.setting().name()))
                .containsExactlyElementsOf(
                        SettingsCatalog.all().stream().map(Setting::name).toList());
        assertThat(settings.role()).isEqualTo(role);
        assertThat(settings.isDevelopment()).isFalse();
    }

    @Test
    void ignores_the_case_of_names_and_unknown_names() {
        Settings settings = Settings.load(
                Map.of("database_url", "postgresql://u@h/w", "Gateway_Port", "9", "SOMETHING_ELSE", "\u0000"),
                Role.GATEWAY);

        assertThat(settings.get(SettingsCatalog.GATEWAY_PORT)).isEqualTo(9);
    }

    @Test
    void prefers_the_upper_case_name_when_two_differ_only_in_case() {
        Settings settings = Settings.load(Map.of("GATEWAY_PORT", "1", "gateway_port", "2"), Role.STANDALONE);

        assertThat(settings.get(SettingsCatalog.GATEWAY_PORT)).isEqualTo(1);
    }

    @Test
    void a_blank_value_counts_as_absent_and_blanks_around_a_value_do_not_count() {
        Settings settings = Settings.load(
                Map.of("GATEWAY_PORT", "  ", "EBAY_CAMPAIGN_ID", "", "SMTP_HOST", "  mail.example\n"), Role.STANDALONE);

        assertThat(settings.get(SettingsCatalog.GATEWAY_PORT)).isEqualTo(8000);
        assertThat(settings.find(SettingsCatalog.EBAY_CAMPAIGN_ID)).isEmpty();
        assertThat(settings.get(SettingsCatalog.SMTP_HOST)).isEqualTo("mail.example");
    }

    @Test
    void a_blank_redis_url_switches_redis_off() {
        assertThat(Settings.load(Map.of("REDIS_URL", " "), Role.STANDALONE).find(SettingsCatalog.REDIS_URL))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", " a , b ,", "[\"a\",\"b\"]", "[ \" a\" , \"b\", \"a\" ]", "a,b,a"})
    void reads_a_list_in_both_forms(String text) {
        assertThat(Settings.load(Map.of("CLUSTER_MEMBERS", text), Role.STANDALONE)
                        .get(SettingsCatalog.CLUSTER_MEMBERS))
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", ",", "[\"\"]"})
    void reads_an_empty_list(String text) {
        assertThat(Settings.load(Map.of("CORS_ALLOWED_ORIGINS", text), Role.STANDALONE)
                        .get(SettingsCatalog.CORS_ALLOWED_ORIGINS))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TRUE,true", "1,true", "Yes,true", "on,true", "y,true", "t,true"})
    @CsvSource({"False,false", "0,false", "no,false", "OFF,false", "n,false", "f,false"})
    void reads_the_usual_words_as_booleans(String text, boolean value) {
        assertThat(Settings.load(Map.of("JSON_LOGS", text), Role.STANDALONE).get(SettingsCatalog.JSON_LOGS))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            GATEWAY_PORT                | 65536          | '65536' is out of bounds; write a whole number from 0 to 65535
            GATEWAY_PORT                | eighty         | 'eighty' is not a number; write digits only, without a unit
            GATEWAY_PORT                | 80.5           | '80.5' is not a whole number; write one from 0 to 65535
            GATEWAY_PORT                | 1e9            | '1e9' is not a number; write digits only, without a unit
            SMTP_EHLO_NAME              | mx example     | 'mx example' is no host name; write one like mail.example.com
            SMTP_EHLO_NAME              | a..b           | 'a..b' is no host name; write one like mail.example.com
            SMTP_HOST                   | smtp://u:p@h   | is not a host; write a name or an address, without scheme, user, port or path
            GATEWAY_PORT                | http://u:p@h   | the value, which is a URL, is not a number; write digits only, without a unit
            REDIS_CA_FILE               | no/such.pem    | 'no/such.pem' cannot be read: NoSuchFileException
            SMTP_PORT                   | 0              | '0' is out of bounds; write a whole number from 1 to 65535
            SCHEDULER_LEASE_SECONDS     | 60s            | '60s' is not a number; write digits only, without a unit
            SCHEDULER_LEASE_SECONDS     | 0              | '0' is out of bounds; write seconds from 2 to 3600
            SCHEDULER_LEASE_SECONDS     | 2.00001        | '2.00001' is finer than a millisecond; write seconds with fewer digits
            JSON_LOGS                   | maybe          | 'maybe' is not a boolean; write true or false
            LOG_LEVEL                   | loud           | 'loud' is unknown; write one of debug, info, warn, warning, error, critical
            DB_POOL                     | static         | 'static' is unknown; write one of queue, null
            AUTH_JWT_ALGORITHMS         | RS256,HS256    | 'HS256' is unknown; write some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519
            AUTH_JWT_ALGORITHMS         | none           | 'none' is unknown; write some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519
            AUTH_JWT_ALGORITHMS         | []             | is an empty list; write some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519
            CORS_ALLOWED_ORIGINS        | [a             | is not a JSON list; write ["a", "b"] or a, b
            TRUSTED_PROXY_CIDRS         | 10.0.0.0/33    | '10.0.0.0/33' is no address block; write one like 10.0.0.0/8 or fd00::/8
            TRUSTED_PROXY_CIDRS         | proxy.example  | 'proxy.example' is no address block; write one like 10.0.0.0/8 or fd00::/8
            CORS_ALLOWED_ORIGINS        | [1]            | holds something that is not a text; write ["a", "b"] or a, b
            EBAY_BASE_URL               | api.ebay.com   | does not start with http:// or https://; write one like https://host.example/path
            EBAY_BASE_URL               | https://       | is not a URL; write one like https://host.example/path
            EBAY_BASE_URL               | https://a b    | is not a URL; write one like https://host.example/path
            EBAY_BASE_URL               | https:///x     | names no host; write one like https://host.example/path
            EBAY_BASE_URL               | http://h:99999 | names an impossible port; write one from 1 to 65535
            EBAY_BASE_URL               | http://u:p@h   | holds a user or password; write the URL without them
            AUTH_JWKS_URL               | https://h/?a=b | holds a query or a fragment; write the URL without them
            NOTIFICATION_EMAIL_PROVIDER | SES            | 'ses' is not built yet; write smtp (SES has an SMTP interface) or stub
            NOTIFICATION_EMAIL_PROVIDER | pigeon         | 'pigeon' is unknown; write one of stub, smtp
            NOTIFICATION_SENDER_EMAIL   | nobody         | 'nobody' is not an email address; write one like noreply@example.com
            NOTIFICATION_SENDER_EMAIL   | A <a@b.c>      | 'A <a@b.c>' is not an email address; write one like noreply@example.com
            SENTRY_TRACES_SAMPLE_RATE   | 1.5            | '1.5' is out of bounds; write a number from 0 to 1
            TOKEN_CRYPTO_LOCAL_KEY      | not base64!    | is not base64; write 32 random bytes in URL-safe base64
            TOKEN_CRYPTO_LOCAL_KEY      | c2hvcnQ=       | holds 5 bytes; write 32 random bytes in URL-safe base64
            DATABASE_URL                | mysql://h/d    | does not start with postgresql:// or postgres://; write postgresql://user:password@host:5432/database
            REDIS_URL                   | http://h       | does not start with redis://, rediss:// or redis+sentinel://; write redis://host:6379/0
            EBAY_RETRY_BASE_DELAY_MS    | 6000           | is greater than EBAY_RETRY_MAX_DELAY_MS; write a smaller one or raise the other
            """)
    void says_what_is_wrong_and_what_to_write_instead(String name, String text, String message) {
        assertThat(faults(Map.of(name, text), Role.STANDALONE)).containsExactly(new Fault(name, message));
    }

    @Test
    void refuses_a_file_that_holds_something_else_and_less_than_all_of_what_encrypts_the_bus() {
        assertThat(faults(Map.of("REDIS_CA_FILE", KEY.toString()), Role.STANDALONE))
                .singleElement()
                .satisfies(fault -> assertThat(fault.text()).contains("holds no '-----BEGIN CERTIFICATE-----'"));
        assertThat(faults(Map.of("CLUSTER_TLS_CERT_FILE", CERTIFICATE.toString()), Role.STANDALONE))
                .extracting(Fault::name)
                .containsExactly("CLUSTER_TLS_KEY_FILE", "CLUSTER_TLS_CA_FILE");
    }

    @Test
    void reports_all_faults_at_once_in_the_order_of_the_catalogue() {
        Map<String, String> environment = Map.of(
                "STREAM_MAX_PER_USER", "0",
                "LOG_LEVEL", "loud",
                "CORS_ALLOW_CREDENTIALS", "true",
                "CORS_ALLOWED_HEADERS", "*",
                "EBAY_CLIENT_ID", "id");

        assertThatThrownBy(() -> Settings.load(environment, Role.PROVIDER))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageMatching("(?s)LOG_LEVEL: 'loud' .*\nDATABASE_URL: is missing; .*\nCORS_ALLOWED_HEADERS: .*"
                        + "\nSTREAM_MAX_PER_USER: .*\nEBAY_CLIENT_SECRET: is missing, but EBAY_CLIENT_ID is set; .*");
        assertThat(faults(environment, Role.PROVIDER)).hasSize(5);
    }

    @Test
    void refuses_wildcards_when_credentials_are_allowed() {
        Map<String, String> environment = Map.of(
                "CORS_ALLOW_CREDENTIALS", "true",
                "CORS_ALLOWED_ORIGINS", "https://a.example, *",
                "CORS_ALLOWED_METHODS", "[\"*\"]",
                "CORS_ALLOWED_HEADERS", "*");

        assertThat(faults(environment, Role.STANDALONE))
                .extracting(Fault::text)
                .containsExactly(
                        "cors_allowed_origins cannot include '*' when cors_allow_credentials is true",
                        "cors_allowed_methods cannot include '*' when cors_allow_credentials is true",
                        "cors_allowed_headers cannot include '*' when cors_allow_credentials is true");
    }

    @Test
    void allows_wildcards_without_credentials() {
        Settings settings = Settings.load(Map.of("CORS_ALLOWED_ORIGINS", "*"), Role.STANDALONE);

        assertThat(settings.get(SettingsCatalog.CORS_ALLOWED_ORIGINS)).containsExactly("*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            GATEWAY    | DATABASE_URL AUTH_ISSUER AUTH_JWKS_URL
            SCHEDULER  | DATABASE_URL
            PROVIDER   | DATABASE_URL DISCOGS_USER_AGENT DISCOGS_TOKEN EBAY_CLIENT_ID EBAY_CLIENT_SECRET TOKEN_CRYPTO_KMS_KEY_ID
            NOTIFIER   | DATABASE_URL
            MIGRATE    | DATABASE_URL
            STANDALONE | DATABASE_URL AUTH_ISSUER AUTH_JWKS_URL DISCOGS_USER_AGENT DISCOGS_TOKEN EBAY_CLIENT_ID EBAY_CLIENT_SECRET TOKEN_CRYPTO_KMS_KEY_ID
            """)
    void production_refuses_to_start_and_lists_all_that_the_role_lacks(Role role, String names) {
        for (String environment : List.of("prod", "production", "staging", "devv")) {
            assertThat(faults(Map.of("ENVIRONMENT", environment), role))
                    .extracting(Fault::name)
                    .containsExactly(names.split(" "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "TEST", " Local "})
    void development_needs_a_database_only(String environment) {
        for (Role role : Role.values()) {
            Map<String, String> variables = new HashMap<>(DATABASE_ONLY);
            variables.put("ENVIRONMENT", environment);
            assertThat(Settings.load(variables, role).isDevelopment()).isTrue();
        }
        assertThat(faults(Map.of("ENVIRONMENT", environment), Role.GATEWAY))
                .extracting(Fault::name)
                .containsExactly("DATABASE_URL");
        assertThat(faults(Map.of("ENVIRONMENT", environment), Role.STANDALONE)).isEmpty();
    }

    @Test
    void an_environment_that_cannot_be_read_counts_as_production() {
        assertThat(faults(Map.of("ENVIRONMENT", "d".repeat(41)), Role.GATEWAY))
                .extracting(Fault::name)
                .containsExactly("ENVIRONMENT", "DATABASE_URL", "AUTH_ISSUER", "AUTH_JWKS_URL");
    }

    @Test
    void notifier_with_smtp_needs_a_host() {
        Map<String, String> environment = new HashMap<>(DATABASE_ONLY);
        environment.put("NOTIFICATION_EMAIL_PROVIDER", "smtp");

        assertThat(faults(environment, Role.NOTIFIER)).extracting(Fault::name).containsExactly("SMTP_HOST");
        assertThat(faults(environment, Role.GATEWAY)).isEmpty();
    }

    @Test
    void half_a_credential_is_refused_by_the_role_that_uses_it_only() {
        Map<String, String> environment = new HashMap<>(DATABASE_ONLY);
        environment.put("EBAY_CLIENT_ID", "id");
        environment.put("SMTP_PASSWORD", "word");

        assertThat(faults(environment, Role.PROVIDER)).extracting(Fault::name).containsExactly("EBAY_CLIENT_SECRET");
        assertThat(faults(environment, Role.NOTIFIER)).extracting(Fault::name).containsExactly("SMTP_USERNAME");
        assertThat(faults(environment, Role.GATEWAY)).isEmpty();
    }

    @Test
    void derives_issuer_and_key_set_from_supabase() {
        Settings settings = Settings.load(Map.of("SUPABASE_URL", "https://p.supabase.co/"), Role.STANDALONE);

        assertThat(settings.authIssuer()).isEqualTo("https://p.supabase.co/auth/v1");
        assertThat(settings.authJwksUrl()).isEqualTo(URI.create("https://p.supabase.co/auth/v1/.well-known/jwks.json"));
    }

    @Test
    void keeps_the_issuer_to_the_letter_and_lets_it_rule() {
        Settings settings = Settings.load(
                Map.of("SUPABASE_URL", "https://p.supabase.co", "AUTH_ISSUER", "https://i.example/"), Role.STANDALONE);

        assertThat(settings.authIssuer()).isEqualTo("https://i.example/");
        assertThat(settings.authJwksUrl()).isEqualTo(URI.create("https://i.example/.well-known/jwks.json"));
        assertThat(settings.with(Role.STANDALONE, Map.of("AUTH_JWKS_URL", "https://k.example/keys"))
                        .authJwksUrl())
                .isEqualTo(URI.create("https://k.example/keys"));
    }

    @Test
    void says_so_when_no_issuer_is_configured() {
        Settings settings = Settings.load(DATABASE_ONLY, Role.GATEWAY);

        assertThatThrownBy(settings::authIssuer)
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("AUTH_ISSUER: AUTH_ISSUER/AUTH_JWKS_URL or SUPABASE_URL must be configured");
    }

    @Test
    void is_read_again_for_another_role_with_some_variables_replaced() {
        Settings standalone = Settings.load(Map.of("gateway_port", "1", "LOG_LEVEL", "error"), Role.STANDALONE);

        Settings gateway =
                standalone.with(Role.GATEWAY, Map.of("DATABASE_URL", "postgresql://u@h/w", "GATEWAY_PORT", "2"));

        assertThat(gateway.role()).isEqualTo(Role.GATEWAY);
        assertThat(gateway.get(SettingsCatalog.DATABASE_URL).host()).isEqualTo("h");
        assertThat(gateway.get(SettingsCatalog.GATEWAY_PORT)).isEqualTo(2);
        assertThat(gateway.get(SettingsCatalog.LOG_LEVEL)).isEqualTo(Level.ERROR);
        assertThat(standalone.get(SettingsCatalog.GATEWAY_PORT)).isEqualTo(1);
        assertThatThrownBy(() -> standalone.with(Role.NOTIFIER, Map.of())).isInstanceOf(InvalidSettings.class);
    }

    @Test
    void asking_for_what_is_absent_names_the_setting() {
        Settings settings = Settings.load(Map.of(), Role.STANDALONE);

        assertThatThrownBy(() -> settings.get(SettingsCatalog.DATABASE_URL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DATABASE_URL");
    }

    @Test
    void tells_which_variables_are_accepted_but_not_used_unless_they_only_repeat_the_default() {
        Settings settings = Settings.load(
                Map.of("SENTRY_DSN", "https://key@s.example/1", "SES_REGION", "us-east-1", "LOG_LEVEL", "ERROR"),
                Role.STANDALONE);

        assertThat(settings.unusedVariables())
                .containsExactly("SENTRY_DSN is accepted, but not used: errors are in the logs and metrics; "
                        + "nothing reports them to Sentry yet.");
    }

    @Test
    void tells_which_variables_nothing_reads_any_more() {
        Settings settings = Settings.load(
                Map.of("DB_POOL_SIZE", "5", "celery_broker_url", "redis://:hidden@r/0", "CELERY_RESULT_BACKEND", " "),
                Role.STANDALONE);

        assertThat(settings.unusedVariables())
                .containsExactly(
                        "DB_POOL_SIZE is not read any more, set DATABASE_POOL_MAX_SIZE instead: "
                                + "the pool has one bound, not a size and an overflow.",
                        "CELERY_BROKER_URL is not read any more, set REDIS_URL instead: "
                                + "work is handed out by leased rows and the event bus; Redis only holds what may be lost.");
    }

    @Test
    void prints_names_and_values_but_no_secret() {
        Map<String, String> environment = new HashMap<>();
        OTHERS.forEach(sample -> environment.put(sample.setting().name(), sample.text()));

        assertThat(Settings.load(environment, Role.STANDALONE).toString())
                .startsWith("Settings[STANDALONE: APP_NAME=other-app_name, ENVIRONMENT=staging, ")
                .contains("DATABASE_URL=***redacted***, ", "SMTP_PASSWORD=***redacted***, ")
                .doesNotContain("s-smtp_password", "u:p@");
    }

    private static List<Fault> faults(Map<String, String> environment, Role role) {
        InvalidSettings invalid = catchThrowableOfType(InvalidSettings.class, () -> Settings.load(environment, role));
        return invalid == null ? List.of() : invalid.faults();
    }

    /** A file that begins as such a one does. */
    private static Path pem(String kind) {
        try {
            Path file = Files.createTempFile("waxwatch", ".pem");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "-----BEGIN " + kind + "-----\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
