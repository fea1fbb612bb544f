package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.addressBlocks;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.choice;
import static io.waxwatch.common.settings.SettingType.databaseUrl;
import static io.waxwatch.common.settings.SettingType.days;
import static io.waxwatch.common.settings.SettingType.email;
import static io.waxwatch.common.settings.SettingType.exactHttpUrl;
import static io.waxwatch.common.settings.SettingType.fernetKey;
import static io.waxwatch.common.settings.SettingType.fraction;
import static io.waxwatch.common.settings.SettingType.host;
import static io.waxwatch.common.settings.SettingType.hours;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.list;
import static io.waxwatch.common.settings.SettingType.listOf;
import static io.waxwatch.common.settings.SettingType.listenPort;
import static io.waxwatch.common.settings.SettingType.mailDomain;
import static io.waxwatch.common.settings.SettingType.milliseconds;
import static io.waxwatch.common.settings.SettingType.path;
import static io.waxwatch.common.settings.SettingType.pemFile;
import static io.waxwatch.common.settings.SettingType.redisUrl;
import static io.waxwatch.common.settings.SettingType.remotePort;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.secret;
import static io.waxwatch.common.settings.SettingType.secretHttpUrl;
import static io.waxwatch.common.settings.SettingType.text;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.Level;

/** Every variable the program reads. Nothing else reads the environment. */
public final class SettingsCatalog {

    private static final String NO_SCHEDULED_IMPORTS =
            "imports are asked for by collectors; nothing asks for them on a schedule yet.";
    private static final String ONLY_SMTP = "mails leave through SMTP only, which SES speaks too.";
    private static final String NO_ERROR_REPORTS =
            "errors are in the logs and metrics; nothing reports them to Sentry yet.";

    public static final Setting<String> APP_NAME = withDefault(
            SettingGroup.PROCESS, "APP_NAME", text(100), "watch-wax-api", "Name of the API in its OpenAPI document.");

    public static final Setting<String> ENVIRONMENT = withDefault(
            SettingGroup.PROCESS,
            "ENVIRONMENT",
            environmentName(),
            "dev",
            "`dev`, `test` and `local` open the development routes; any other value counts as "
                    + "production and starts only with every required setting.");

    public static final Setting<Level> LOG_LEVEL = withDefault(
            SettingGroup.PROCESS, "LOG_LEVEL", logLevel(), "INFO", "Least severe log level that is written.");

    public static final Setting<Boolean> JSON_LOGS = withDefault(
            SettingGroup.PROCESS,
            "JSON_LOGS",
            bool(),
            "true",
            "One JSON object a log line; false writes lines for people.");

    public static final Setting<String> NODE_NAME = optional(
            SettingGroup.PROCESS, "NODE_NAME", text(100), "Name of this process in its log lines; left out if absent.");

    public static final Setting<String> MANAGEMENT_HOST = withDefault(
            SettingGroup.PROCESS,
            "MANAGEMENT_HOST",
            text(253),
            "127.0.0.1",
            "Address of the management port. Where probes and Prometheus come from elsewhere, name the one that they "
                    + "reach: in Kubernetes the pod's own (`status.podIP`), never every interface.");

    public static final Setting<Integer> MANAGEMENT_PORT = withDefault(
            SettingGroup.PROCESS,
            "MANAGEMENT_PORT",
            listenPort(),
            "9000",
            "Management port: /metrics, /healthz and /readyz of every service, and of the gateway where /metrics is not "
                    + "on its public port; 0 takes a free one.");

    public static final Setting<Boolean> METRICS_ON_PUBLIC_PORT = optional(
            SettingGroup.PROCESS,
            "METRICS_ON_PUBLIC_PORT",
            bool(),
            "Whether the gateway shows /metrics to whoever reaches its API, rather than on the management port. Absent: in "
                    + "development only.");

    public static final Setting<Duration> SHUTDOWN_GRACE_SECONDS = withDefault(
            SettingGroup.PROCESS,
            "SHUTDOWN_GRACE_SECONDS",
            seconds(1, 600),
            "20",
            "How long an ordered stop may take before what is left is cut off.");

    public static final Setting<Duration> STARTUP_TIMEOUT_SECONDS = withDefault(
            SettingGroup.PROCESS,
            "STARTUP_TIMEOUT_SECONDS",
            seconds(0, 86400),
            "120",
            "How long a service that cannot start, because the database or another thing it needs is away, tries each step again "
                    + "before it ends with exit code 1; 0 ends it at once.");

    public static final Setting<DatabaseAddress> DATABASE_URL = optional(
                    SettingGroup.DATABASE,
                    "DATABASE_URL",
                    databaseUrl(),
                    "PostgreSQL, as postgresql://user:password@host:5432/database?sslmode=require; postgres://, "
                            + "a driver suffix (postgresql+psycopg://), percent-encoding and unix sockets "
                            + "(?host=/var/run/postgresql) are understood. Standalone starts its own PostgreSQL if it is "
                            + "absent.")
            .secretly()
            .requiredBy(EnumSet.complementOf(EnumSet.of(Role.STANDALONE)));

    public static final Setting<DatabasePooling> DB_POOL = withDefault(
            SettingGroup.DATABASE,
            "DB_POOL",
            pooling(),
            "queue",
            "`queue`: this process pools its connections, which are sessions of its own; `null`: PgBouncer or its "
                    + "like stands in between, so nothing is kept on a connection (docs/DATABASE.md has the recipe). "
                    + "A start with `queue` behind a pooler in transaction mode is refused.");

    public static final Setting<Integer> DATABASE_POOL_MAX_SIZE = withDefault(
            SettingGroup.DATABASE,
            "DATABASE_POOL_MAX_SIZE",
            integer(1, 1000),
            "8",
            "Most connections this process opens to PostgreSQL.");

    public static final Setting<Integer> DATABASE_POOL_MAX_WAITERS = withDefault(
            SettingGroup.DATABASE,
            "DATABASE_POOL_MAX_WAITERS",
            integer(1, 1000000),
            "1000",
            "Most callers that wait for a connection; the next one is refused at once.");

    public static final Setting<Duration> DATABASE_ACQUIRE_TIMEOUT_SECONDS = withDefault(
            SettingGroup.DATABASE,
            "DATABASE_ACQUIRE_TIMEOUT_SECONDS",
            seconds(1, 300),
            "5",
            "Longest wait for a free connection.");

    public static final Setting<Duration> DATABASE_CONNECT_TIMEOUT_SECONDS = withDefault(
            SettingGroup.DATABASE,
            "DATABASE_CONNECT_TIMEOUT_SECONDS",
            seconds(1, 300),
            "5",
            "Longest wait while a connection is opened, and for each answer of the check at start.");

    public static final Setting<Duration> DATABASE_STATEMENT_TIMEOUT_SECONDS = withDefault(
            SettingGroup.DATABASE,
            "DATABASE_STATEMENT_TIMEOUT_SECONDS",
            seconds(1, 3600),
            "15",
            "Longest run of one statement.");

    public static final Setting<Duration> DATABASE_IDLE_TIMEOUT_SECONDS = withDefault(
            SettingGroup.DATABASE,
            "DATABASE_IDLE_TIMEOUT_SECONDS",
            seconds(1, 86400),
            "600",
            "A pooled connection unused for so long is closed.");

    public static final Setting<RedisAddress> REDIS_URL = withDefault(
                    SettingGroup.REDIS,
                    "REDIS_URL",
                    redisUrl(),
                    "redis://127.0.0.1:6379/0",
                    "Redis for rate limits and provider quotas, as redis://[[user]:password@]host:port/database, "
                            + "rediss:// for TLS, or redis+sentinel://[[user]:password@]host1,host2/mymaster/database "
                            + "(rediss+sentinel:// for TLS; ?sentinel_password= if theirs differs) behind Sentinel. Blank "
                            + "means off: every process then counts for itself.")
            .secretly()
            .offWhenBlank();

    public static final Setting<Path> REDIS_CA_FILE = optional(
            SettingGroup.REDIS,
            "REDIS_CA_FILE",
            pemFile("CERTIFICATE"),
            "PEM file of the authorities that may have signed Redis' certificate, for rediss://; the JVM's own if absent. The "
                    + "certificate must name the host.");

    public static final Setting<Duration> REDIS_TIMEOUT_MS = withDefault(
            SettingGroup.REDIS,
            "REDIS_TIMEOUT_MS",
            milliseconds(10, 60000),
            "250",
            "Longest wait for an answer from Redis before the local fallback is used.");

    public static final Setting<String> CLUSTER_NAME = withDefault(
            SettingGroup.CLUSTER,
            "CLUSTER_NAME",
            text(100),
            "waxwatch",
            "Nodes join only nodes with the same cluster name.");

    public static final Setting<String> CLUSTER_HOST = withDefault(
            SettingGroup.CLUSTER,
            "CLUSTER_HOST",
            text(253),
            "127.0.0.1",
            "Address that this node listens on and that the others reach it at.");

    public static final Setting<Integer> CLUSTER_PORT = withDefault(
            SettingGroup.CLUSTER,
            "CLUSTER_PORT",
            listenPort(),
            "5701",
            "Port of the cluster membership protocol; 0 takes a free one, which other nodes can only "
                    + "find if this one joins them.");

    public static final Setting<Integer> CLUSTER_PORT_COUNT = withDefault(
            SettingGroup.CLUSTER,
            "CLUSTER_PORT_COUNT",
            integer(1, 100),
            "1",
            "How many ports, from CLUSTER_PORT on, are tried until one is free: for several nodes on one address, whose "
                    + "CLUSTER_MEMBERS then name all of these ports.");

    public static final Setting<List<String>> CLUSTER_MEMBERS = withDefault(
            SettingGroup.CLUSTER,
            "CLUSTER_MEMBERS",
            list(),
            "[]",
            "host:port of the nodes to join, as a list; multicast is never used.");

    public static final Setting<String> CLUSTER_KUBERNETES_SERVICE_DNS = optional(
            SettingGroup.CLUSTER,
            "CLUSTER_KUBERNETES_SERVICE_DNS",
            text(253),
            "Headless service whose DNS name lists the nodes to join; replaces CLUSTER_MEMBERS.");

    public static final Setting<Integer> EVENT_BUS_PORT = withDefault(
            SettingGroup.CLUSTER,
            "EVENT_BUS_PORT",
            listenPort(),
            "0",
            "Port of the event bus on CLUSTER_HOST; 0 takes a free one.");

    public static final Setting<Path> CLUSTER_TLS_CERT_FILE = optional(
            SettingGroup.CLUSTER,
            "CLUSTER_TLS_CERT_FILE",
            pemFile("CERTIFICATE"),
            "PEM file of this node's certificate: the event bus is then encrypted, and both ends prove who they are. With the "
                    + "other two CLUSTER_TLS_ settings, and on all nodes.");

    public static final Setting<Path> CLUSTER_TLS_KEY_FILE = optional(
            SettingGroup.CLUSTER,
            "CLUSTER_TLS_KEY_FILE",
            pemFile("PRIVATE KEY"),
            "PEM file of that certificate's private key.");

    public static final Setting<Path> CLUSTER_TLS_CA_FILE = optional(
            SettingGroup.CLUSTER,
            "CLUSTER_TLS_CA_FILE",
            pemFile("CERTIFICATE"),
            "PEM file of the authorities whose certificates the event bus accepts, whatever name is in them: one that "
                    + "signs for nobody else.");

    public static final Setting<String> GATEWAY_HOST = withDefault(
            SettingGroup.GATEWAY, "GATEWAY_HOST", text(253), "0.0.0.0", "Address on which the API listens.");

    public static final Setting<Integer> GATEWAY_PORT = withDefault(
            SettingGroup.GATEWAY, "GATEWAY_PORT", listenPort(), "8000", "Port of the API; 0 takes a free one.");

    public static final Setting<Duration> REQUEST_TIMEOUT_SECONDS = withDefault(
            SettingGroup.GATEWAY,
            "REQUEST_TIMEOUT_SECONDS",
            seconds(1, 300),
            "15",
            "How long a client may take to send the head of its first request, and the whole body of each.");

    public static final Setting<Boolean> HTTP2_CLEARTEXT_ENABLED = withDefault(
            SettingGroup.GATEWAY,
            "HTTP2_CLEARTEXT_ENABLED",
            bool(),
            "true",
            "Whether the API speaks HTTP/2 without TLS, for proxies that do.");

    public static final Setting<URI> PUBLIC_BASE_URL = withDefault(
            SettingGroup.GATEWAY,
            "PUBLIC_BASE_URL",
            httpUrl(),
            "http://localhost:8000",
            "Where collectors reach the API; links in mails start with it.");

    public static final Setting<URI> START_PAGE_MAIL_URL = optional(
            SettingGroup.GATEWAY,
            "START_PAGE_MAIL_URL",
            httpUrl(),
            "Where the mails of a development environment can be read; linked from the page at the API's address.");

    public static final Setting<Secret> START_PAGE_ACCOUNT = optional(
                    SettingGroup.GATEWAY,
                    "START_PAGE_ACCOUNT",
                    secret(),
                    "`e-mail:password` with which that page fills in its form; used in development only.")
            .secretly();

    public static final Setting<URI> SUPABASE_URL = optional(
            SettingGroup.AUTHENTICATION,
            "SUPABASE_URL",
            httpUrl(),
            "Base of a Supabase project; the issuer is <it>/auth/v1 unless AUTH_ISSUER says otherwise.");

    public static final Setting<String> AUTH_ISSUER = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_ISSUER",
                    exactHttpUrl(),
                    "Issuer that a token must name, compared to the letter.")
            .requiredInProductionBy(Role.GATEWAY);

    public static final Setting<URI> AUTH_JWKS_URL = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_JWKS_URL",
                    httpUrl(),
                    "Where the issuer publishes its keys; <issuer>/.well-known/jwks.json if absent.")
            .requiredInProductionBy(Role.GATEWAY);

    public static final Setting<String> AUTH_AUDIENCE = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_AUDIENCE",
            text(500),
            "authenticated",
            "Audience that a token must name.");

    public static final Setting<List<String>> AUTH_JWT_ALGORITHMS = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_JWT_ALGORITHMS",
            listOf(List.of(
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
                    "Ed25519")),
            "RS256,ES256",
            "Signature algorithms that are accepted; public-key ones only, because keys come from a "
                    + "public key set.");

    public static final Setting<Boolean> AUTH_DERIVE_USER_IDS = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_DERIVE_USER_IDS",
            bool(),
            "false",
            "Whether a subject that is no UUID, such as Auth0's, is let in under one that is derived of issuer and subject.");

    public static final Setting<Duration> AUTH_JWKS_CACHE_TTL_SECONDS = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_JWKS_CACHE_TTL_SECONDS",
            seconds(1, 86400),
            "300",
            "How long a fetched key set is used.");

    public static final Setting<Duration> AUTH_CLOCK_SKEW_SECONDS = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_CLOCK_SKEW_SECONDS",
            seconds(0, 600),
            "30",
            "How far the issuer's clock may be off.");

    public static final Setting<PasswordGrantStyle> AUTH_PASSWORD_GRANT = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_PASSWORD_GRANT",
            choice(ordered(
                    Map.entry("supabase", PasswordGrantStyle.SUPABASE), Map.entry("oidc", PasswordGrantStyle.OIDC))),
            "supabase",
            "How a password is exchanged at the issuer for a browser session: `supabase` in JSON, `oidc` as an OAuth 2 form.");

    public static final Setting<URI> AUTH_TOKEN_URL = optional(
            SettingGroup.AUTHENTICATION,
            "AUTH_TOKEN_URL",
            httpUrl(),
            "Where the issuer exchanges passwords and refresh tokens; <issuer>/token if absent.");

    public static final Setting<String> AUTH_CLIENT_ID = optional(
            SettingGroup.AUTHENTICATION,
            "AUTH_CLIENT_ID",
            text(300),
            "Client id for that exchange in the form `oidc`.");

    public static final Setting<String> AUTH_SCOPE = withDefault(
            SettingGroup.AUTHENTICATION,
            "AUTH_SCOPE",
            text(500),
            "openid",
            "Scopes asked for with a password in the form `oidc`, such as `openid offline_access` where only that brings refresh tokens.");

    public static final Setting<Secret> AUTH_CLIENT_SECRET = optional(
                    SettingGroup.AUTHENTICATION,
                    "AUTH_CLIENT_SECRET",
                    secret(),
                    "Client secret for that exchange; in the form `supabase` the project's API key.")
            .secretly();

    public static final Setting<Duration> SESSION_LIFETIME_DAYS = withDefault(
            SettingGroup.AUTHENTICATION,
            "SESSION_LIFETIME_DAYS",
            days(1, 365),
            "30",
            "After how long a browser session ends, however often it was used.");

    public static final Setting<List<String>> CORS_ALLOWED_ORIGINS = withDefault(
            SettingGroup.CORS,
            "CORS_ALLOWED_ORIGINS",
            list(),
            "[]",
            "Origins whose pages may call the API, as a list; `*` allows all.");

    public static final Setting<List<String>> CORS_ALLOWED_METHODS = withDefault(
            SettingGroup.CORS,
            "CORS_ALLOWED_METHODS",
            list(),
            "GET,POST,PUT,PATCH,DELETE,OPTIONS",
            "Methods such a page may use.");

    public static final Setting<List<String>> CORS_ALLOWED_HEADERS = withDefault(
            SettingGroup.CORS,
            "CORS_ALLOWED_HEADERS",
            list(),
            "Authorization,Cache-Control,Content-Type,Idempotency-Key,If-None-Match,Last-Event-ID,X-Request-ID",
            "Request headers such a page may send, besides the safelisted ones.");

    public static final Setting<Boolean> CORS_ALLOW_CREDENTIALS = withDefault(
            SettingGroup.CORS,
            "CORS_ALLOW_CREDENTIALS",
            bool(),
            "false",
            "Whether such a page may send cookies; not together with `*` in any of the three lists.");

    public static final Setting<Boolean> RATE_LIMIT_ENABLED = withDefault(
            SettingGroup.RATE_LIMITS, "RATE_LIMIT_ENABLED", bool(), "true", "Whether requests are counted at all.");

    public static final Setting<Integer> RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM",
            integer(1, 1000000),
            "120",
            "Requests a minute: any API route, for one caller with a token.");

    public static final Setting<Integer> RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST",
            integer(0, 1000000),
            "30",
            "Requests on top of that within a minute: any API route, for one caller with a token.");

    public static final Setting<Integer> RATE_LIMIT_GLOBAL_ANONYMOUS_RPM = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_GLOBAL_ANONYMOUS_RPM",
            integer(1, 1000000),
            "60",
            "Requests a minute: any API route, for one address without a token.");

    public static final Setting<Integer> RATE_LIMIT_GLOBAL_ANONYMOUS_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_GLOBAL_ANONYMOUS_BURST",
            integer(0, 1000000),
            "10",
            "Requests on top of that within a minute: any API route, for one address without a token.");

    public static final Setting<Integer> RATE_LIMIT_AUTH_ENDPOINT_RPM = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_AUTH_ENDPOINT_RPM",
            integer(1, 1000000),
            "20",
            "Requests a minute: signing in, and the routes that link a Discogs account.");

    public static final Setting<Integer> RATE_LIMIT_AUTH_ENDPOINT_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_AUTH_ENDPOINT_BURST",
            integer(0, 1000000),
            "5",
            "Requests on top of that within a minute: signing in, and the routes that link a Discogs account.");

    public static final Setting<Integer> RATE_LIMIT_SEARCH_RPM = withDefault(
            SettingGroup.RATE_LIMITS, "RATE_LIMIT_SEARCH_RPM", integer(1, 1000000), "30", "Requests a minute: search.");

    public static final Setting<Integer> RATE_LIMIT_SEARCH_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_SEARCH_BURST",
            integer(0, 1000000),
            "10",
            "Requests on top of that within a minute: search.");

    public static final Setting<Integer> RATE_LIMIT_WATCH_RULES_RPM = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_WATCH_RULES_RPM",
            integer(1, 1000000),
            "60",
            "Requests a minute: watch rules.");

    public static final Setting<Integer> RATE_LIMIT_WATCH_RULES_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_WATCH_RULES_BURST",
            integer(0, 1000000),
            "20",
            "Requests on top of that within a minute: watch rules.");

    public static final Setting<Integer> RATE_LIMIT_DISCOGS_RPM = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_DISCOGS_RPM",
            integer(1, 1000000),
            "30",
            "Requests a minute: the Discogs integration.");

    public static final Setting<Integer> RATE_LIMIT_DISCOGS_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_DISCOGS_BURST",
            integer(0, 1000000),
            "10",
            "Requests on top of that within a minute: the Discogs integration.");

    public static final Setting<Integer> RATE_LIMIT_STREAM_EVENTS_RPM = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_STREAM_EVENTS_RPM",
            integer(1, 1000000),
            "60",
            "Requests a minute: opening the event stream.");

    public static final Setting<Integer> RATE_LIMIT_STREAM_EVENTS_BURST = withDefault(
            SettingGroup.RATE_LIMITS,
            "RATE_LIMIT_STREAM_EVENTS_BURST",
            integer(0, 1000000),
            "20",
            "Requests on top of that within a minute: opening the event stream.");

    public static final Setting<List<AddressBlock>> TRUSTED_PROXY_CIDRS = withDefault(
            SettingGroup.RATE_LIMITS,
            "TRUSTED_PROXY_CIDRS",
            addressBlocks(),
            "[]",
            "Addresses of our own proxies, as a list of CIDR blocks or single addresses; only they are believed in "
                    + "`Forwarded` and `X-Forwarded-For`.");

    public static final Setting<Duration> STREAM_HEARTBEAT_SECONDS = withDefault(
            SettingGroup.STREAM,
            "STREAM_HEARTBEAT_SECONDS",
            seconds(1, 300),
            "4",
            "A silent stream sends a comment this often. Widely used readers give a stream up after five silent seconds.");

    public static final Setting<Integer> STREAM_MAX_PER_USER = withDefault(
            SettingGroup.STREAM,
            "STREAM_MAX_PER_USER",
            integer(1, 10000),
            "10",
            "Most open streams of one collector; the oldest gives way.");

    public static final Setting<Integer> STREAM_BUFFER_BYTES = withDefault(
            SettingGroup.STREAM,
            "STREAM_BUFFER_BYTES",
            integer(1024, 16777216),
            "65536",
            "Unsent bytes after which a slow stream is ended; the client resumes by Last-Event-ID.");

    public static final Setting<Duration> SEARCH_PROVIDER_TIMEOUT_SECONDS = withDefault(
            SettingGroup.SEARCH,
            "SEARCH_PROVIDER_TIMEOUT_SECONDS",
            seconds(1, 60),
            "8",
            "Longest wait of a search for one marketplace; a slower one is reported as an error beside the others' results.");

    public static final Setting<Integer> SEARCH_MAX_IN_FLIGHT = withDefault(
            SettingGroup.SEARCH,
            "SEARCH_MAX_IN_FLIGHT",
            integer(1, 10000),
            "32",
            "Most searches at once in one gateway; further ones get 503 with Retry-After.");

    public static final Setting<Integer> SEARCH_MAX_IN_FLIGHT_PER_USER = withDefault(
            SettingGroup.SEARCH,
            "SEARCH_MAX_IN_FLIGHT_PER_USER",
            integer(1, 1000),
            "4",
            "Most searches of one collector at once in one gateway; further ones get 503 with Retry-After.");

    public static final Setting<Duration> SEARCH_CACHE_SECONDS = withDefault(
            SettingGroup.SEARCH,
            "SEARCH_CACHE_SECONDS",
            seconds(0, 3600),
            "30",
            "How long a marketplace's answer serves equal searches, and the further pages of one; 0 asks anew each time.");

    public static final Setting<Integer> SEARCH_EBAY_PER_HOUR = withDefault(
            SettingGroup.SEARCH,
            "SEARCH_EBAY_PER_HOUR",
            integer(1, 100000),
            "60",
            "Most searches for which one provider process asks eBay in any hour; eBay gives an application 5,000 calls a day, and polls "
                    + "need most of them.");

    public static final Setting<Integer> SEARCH_DISCOGS_PER_MINUTE = withDefault(
            SettingGroup.SEARCH,
            "SEARCH_DISCOGS_PER_MINUTE",
            integer(1, 100000),
            "20",
            "Most searches for which one provider process asks Discogs in any minute; Discogs gives an address 60 calls a minute.");

    public static final Setting<Boolean> DEV_AUTO_CREATE_USERS = withDefault(
            SettingGroup.RULES,
            "DEV_AUTO_CREATE_USERS",
            bool(),
            "true",
            "Whether a valid token without a user row makes one; false answers 401.");

    public static final Setting<Boolean> DEV_BACKFILL_ON_RULE_CHANGE = withDefault(
            SettingGroup.RULES,
            "DEV_BACKFILL_ON_RULE_CHANGE",
            bool(),
            "true",
            "Whether a new rule is matched against the listings already stored.");

    public static final Setting<Integer> DEV_BACKFILL_DAYS = withDefault(
            SettingGroup.RULES, "DEV_BACKFILL_DAYS", integer(1, 3650), "7", "How many days back that match looks.");

    public static final Setting<Integer> DEV_BACKFILL_LIMIT = withDefault(
            SettingGroup.RULES, "DEV_BACKFILL_LIMIT", integer(1, 100000), "500", "Most listings that match looks at.");

    public static final Setting<Duration> RULE_MIN_POLL_INTERVAL_SECONDS = withDefault(
            SettingGroup.RULES,
            "RULE_MIN_POLL_INTERVAL_SECONDS",
            seconds(1, 86400),
            "30",
            "Shortest poll interval a rule may ask for.");

    public static final Setting<Duration> RULE_MAX_POLL_INTERVAL_SECONDS = withDefault(
            SettingGroup.RULES,
            "RULE_MAX_POLL_INTERVAL_SECONDS",
            seconds(1, 604800),
            "86400",
            "Longest poll interval a rule may ask for.");

    public static final Setting<Integer> RULES_MAX_PER_USER = withDefault(
            SettingGroup.RULES,
            "RULES_MAX_PER_USER",
            integer(1, 1_000_000),
            "500",
            "Most rules of one user, resting ones included; one more is refused with 409.");

    public static final Setting<Integer> RULE_QUERIES_MAX_PER_USER = withDefault(
            SettingGroup.RULES,
            "RULE_QUERIES_MAX_PER_USER",
            integer(1, 1_000_000),
            "250",
            "Most different queries that marketplaces are asked for one user's active rules; rules of the same words share one.");

    public static final Setting<Integer> WATCH_RELEASES_MAX_PER_USER = withDefault(
            SettingGroup.RULES,
            "WATCH_RELEASES_MAX_PER_USER",
            integer(1, 10_000_000),
            "50000",
            "Most watch releases of one user, resting and imported ones included; one more is refused with 409, and an import ends there.");

    public static final Setting<Duration> SCHEDULER_POLL_INTERVAL_SECONDS = withDefault(
            SettingGroup.SCHEDULER,
            "SCHEDULER_POLL_INTERVAL_SECONDS",
            seconds(1, 3600),
            "15",
            "Longest time between two looks for due polls; the next due time may wake the scheduler earlier.");

    public static final Setting<Integer> SCHEDULER_BATCH_SIZE = withDefault(
            SettingGroup.SCHEDULER, "SCHEDULER_BATCH_SIZE", integer(1, 10000), "100", "Most polls one claim takes.");

    public static final Setting<Duration> SCHEDULER_NEXT_RUN_JITTER_SECONDS = withDefault(
            SettingGroup.SCHEDULER,
            "SCHEDULER_NEXT_RUN_JITTER_SECONDS",
            seconds(0, 3600),
            "5",
            "Random time added to the next due time after a success.");

    public static final Setting<Duration> SCHEDULER_FAILURE_RETRY_JITTER_SECONDS = withDefault(
            SettingGroup.SCHEDULER,
            "SCHEDULER_FAILURE_RETRY_JITTER_SECONDS",
            seconds(0, 3600),
            "5",
            "Random time added to the next due time after a failure.");

    public static final Setting<Duration> SCHEDULER_LEASE_SECONDS = withDefault(
            SettingGroup.SCHEDULER,
            "SCHEDULER_LEASE_SECONDS",
            seconds(2, 3600),
            "60",
            "A claimed poll that is not closed by then is handed out again.");

    public static final Setting<Integer> SCHEDULER_MAX_UNACKNOWLEDGED = withDefault(
            SettingGroup.SCHEDULER,
            "SCHEDULER_MAX_UNACKNOWLEDGED",
            integer(1, 10000),
            "64",
            "Most polls of one provider that are out at once.");

    public static final Setting<Duration> EBAY_SWEEP_INTERVAL_SECONDS = withDefault(
            SettingGroup.SCHEDULER,
            "EBAY_SWEEP_INTERVAL_SECONDS",
            seconds(1, 86400),
            "120",
            "Time between two sweeps of the newest listings of the eBay category.");

    public static final Setting<Duration> RELEASE_FLOOR_INTERVAL_SECONDS = withDefault(
            SettingGroup.SCHEDULER,
            "RELEASE_FLOOR_INTERVAL_SECONDS",
            seconds(1, 604800),
            "900",
            "Shortest time between two looks at the lowest price of one watched Discogs release; see DISCOGS_POLLS_PER_MINUTE.");

    public static final Setting<Integer> DISCOGS_POLLS_PER_MINUTE = withDefault(
            SettingGroup.SCHEDULER,
            "DISCOGS_POLLS_PER_MINUTE",
            integer(1, 100000),
            "30",
            "Most looks at Discogs' lowest prices in a minute, all of them together: of many releases each is looked at less often than "
                    + "RELEASE_FLOOR_INTERVAL_SECONDS says. Discogs gives an address 60 calls a minute; searches and imports need the rest. "
                    + "Each scheduler process also spaces by it what is overdue.");

    public static final Setting<Duration> RETENTION_INTERVAL_SECONDS = withDefault(
            SettingGroup.RETENTION,
            "RETENTION_INTERVAL_SECONDS",
            seconds(60, 86400),
            "3600",
            "Time between two runs of the deletion of old rows.");

    public static final Setting<Duration> RETENTION_PRICE_SNAPSHOTS_DAYS = withDefault(
            SettingGroup.RETENTION,
            "RETENTION_PRICE_SNAPSHOTS_DAYS",
            days(1, 36500),
            "365",
            "Age at which price snapshots are deleted.");

    public static final Setting<Duration> RETENTION_PROVIDER_REQUESTS_DAYS = withDefault(
            SettingGroup.RETENTION,
            "RETENTION_PROVIDER_REQUESTS_DAYS",
            days(1, 36500),
            "30",
            "Age at which the log of provider requests is deleted.");

    public static final Setting<Duration> RETENTION_EVENTS_DAYS = withDefault(
            SettingGroup.RETENTION,
            "RETENTION_EVENTS_DAYS",
            days(1, 36500),
            "180",
            "Age at which events and their notifications are deleted.");

    public static final Setting<URI> DISCOGS_BASE_URL = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_BASE_URL",
            httpUrl(),
            "https://api.discogs.com",
            "Base of the Discogs API; the sandbox speaks the same.");

    public static final Setting<URI> DISCOGS_SITE_URL = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_SITE_URL",
            httpUrl(),
            "https://www.discogs.com",
            "Base of the Discogs site; links of releases and the page for linking an account start with it.");

    public static final Setting<String> DISCOGS_USER_AGENT = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_USER_AGENT",
                    text(300),
                    "How we introduce ourselves to Discogs, which refuses callers without a name.")
            .requiredInProductionBy(Role.PROVIDER);

    public static final Setting<Secret> DISCOGS_TOKEN = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_TOKEN",
                    secret(),
                    "Personal access token of the application; without it Discogs is disabled.")
            .secretly()
            .requiredInProductionBy(Role.PROVIDER);

    public static final Setting<String> DISCOGS_OAUTH_CLIENT_ID = optional(
            SettingGroup.DISCOGS,
            "DISCOGS_OAUTH_CLIENT_ID",
            text(300),
            "Consumer key for linking a collector's Discogs account.");

    public static final Setting<Secret> DISCOGS_OAUTH_CLIENT_SECRET = optional(
                    SettingGroup.DISCOGS,
                    "DISCOGS_OAUTH_CLIENT_SECRET",
                    secret(),
                    "Consumer secret for linking a collector's Discogs account.")
            .secretly();

    public static final Setting<URI> DISCOGS_OAUTH_REDIRECT_URI = optional(
            SettingGroup.DISCOGS,
            "DISCOGS_OAUTH_REDIRECT_URI",
            httpUrl(),
            "Page of the client that collectors come to after Discogs, with code and state, or with error.");

    public static final Setting<String> DISCOGS_OAUTH_SCOPES = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_OAUTH_SCOPES",
            text(500),
            "identity wantlist collection",
            "Scopes shown when an account is linked, separated by blanks; Discogs itself knows none.");

    public static final Setting<Duration> DISCOGS_OAUTH_STATE_TTL_SECONDS = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_OAUTH_STATE_TTL_SECONDS",
            seconds(30, 86400),
            "600",
            "How long a started linking may take.");

    public static final Setting<Duration> DISCOGS_TIMEOUT_SECONDS = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_TIMEOUT_SECONDS",
            seconds(1, 120),
            "10.0",
            "Longest wait for one answer of Discogs.");

    public static final Setting<Integer> DISCOGS_MAX_ATTEMPTS = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_MAX_ATTEMPTS",
            integer(1, 10),
            "4",
            "Attempts of one call to Discogs, the first included.");

    public static final Setting<Duration> DISCOGS_RETRY_BASE_DELAY_MS = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_RETRY_BASE_DELAY_MS",
            milliseconds(1, 60000),
            "250",
            "Wait before the second attempt; it doubles with each further one.");

    public static final Setting<Duration> DISCOGS_RETRY_MAX_DELAY_MS = withDefault(
            SettingGroup.DISCOGS,
            "DISCOGS_RETRY_MAX_DELAY_MS",
            milliseconds(1, 600000),
            "5000",
            "Longest wait between two attempts.");

    public static final Setting<Boolean> DISCOGS_SYNC_ENABLED = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_ENABLED",
                    bool(),
                    "false",
                    "Whether linked collections and wantlists are imported again on a schedule.")
            .reserved(NO_SCHEDULED_IMPORTS);

    public static final Setting<Duration> DISCOGS_SYNC_INTERVAL_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_INTERVAL_SECONDS",
                    seconds(60, 604800),
                    "3600",
                    "Time between two imports of one collector.")
            .reserved(NO_SCHEDULED_IMPORTS);

    public static final Setting<Integer> DISCOGS_SYNC_USER_BATCH_SIZE = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_USER_BATCH_SIZE",
                    integer(1, 10000),
                    "25",
                    "Most collectors one round of the schedule takes.")
            .reserved(NO_SCHEDULED_IMPORTS);

    public static final Setting<Duration> DISCOGS_SYNC_JITTER_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_JITTER_SECONDS",
                    seconds(0, 3600),
                    "30",
                    "Random delay of each import.")
            .reserved(NO_SCHEDULED_IMPORTS);

    public static final Setting<Duration> DISCOGS_SYNC_SPREAD_SECONDS = withDefault(
                    SettingGroup.DISCOGS,
                    "DISCOGS_SYNC_SPREAD_SECONDS",
                    seconds(0, 3600),
                    "5",
                    "Second random delay of each import, on top of the first.")
            .reserved(NO_SCHEDULED_IMPORTS);

    public static final Setting<URI> EBAY_BASE_URL = withDefault(
            SettingGroup.EBAY,
            "EBAY_BASE_URL",
            httpUrl(),
            "https://api.ebay.com",
            "Base of the eBay API; the sandbox speaks the same.");

    public static final Setting<String> EBAY_CLIENT_ID = optional(
                    SettingGroup.EBAY,
                    "EBAY_CLIENT_ID",
                    text(300),
                    "Client id of the application; without it eBay is disabled.")
            .requiredInProductionBy(Role.PROVIDER);

    public static final Setting<Secret> EBAY_CLIENT_SECRET = optional(
                    SettingGroup.EBAY, "EBAY_CLIENT_SECRET", secret(), "Client secret of the application.")
            .secretly()
            .requiredInProductionBy(Role.PROVIDER);

    public static final Setting<String> EBAY_OAUTH_SCOPE = withDefault(
            SettingGroup.EBAY,
            "EBAY_OAUTH_SCOPE",
            text(500),
            "https://api.ebay.com/oauth/api_scope",
            "Scope of the application's token.");

    public static final Setting<String> EBAY_MARKETPLACE_ID =
            withDefault(SettingGroup.EBAY, "EBAY_MARKETPLACE_ID", text(40), "EBAY_US", "Marketplace that is searched.");

    public static final Setting<String> EBAY_CATEGORY_ID = withDefault(
            SettingGroup.EBAY, "EBAY_CATEGORY_ID", text(40), "176985", "Category that is swept: vinyl records.");

    public static final Setting<Integer> EBAY_SWEEP_MAX_PAGES = withDefault(
            SettingGroup.EBAY,
            "EBAY_SWEEP_MAX_PAGES",
            integer(1, 50),
            "5",
            "Most pages of 200 listings that one sweep reads until it meets what is known.");

    public static final Setting<Duration> EBAY_TIMEOUT_SECONDS = withDefault(
            SettingGroup.EBAY, "EBAY_TIMEOUT_SECONDS", seconds(1, 120), "10.0", "Longest wait for one answer of eBay.");

    public static final Setting<Integer> EBAY_MAX_ATTEMPTS = withDefault(
            SettingGroup.EBAY,
            "EBAY_MAX_ATTEMPTS",
            integer(1, 10),
            "4",
            "Attempts of one call to eBay, the first included.");

    public static final Setting<Duration> EBAY_RETRY_BASE_DELAY_MS = withDefault(
            SettingGroup.EBAY,
            "EBAY_RETRY_BASE_DELAY_MS",
            milliseconds(1, 60000),
            "250",
            "Wait before the second attempt; it doubles with each further one.");

    public static final Setting<Duration> EBAY_RETRY_MAX_DELAY_MS = withDefault(
            SettingGroup.EBAY,
            "EBAY_RETRY_MAX_DELAY_MS",
            milliseconds(1, 600000),
            "5000",
            "Longest wait between two attempts.");

    public static final Setting<String> EBAY_CAMPAIGN_ID = optional(
            SettingGroup.EBAY,
            "EBAY_CAMPAIGN_ID",
            text(100),
            "Campaign of the eBay partner network; without it links carry no affiliate parameters.");

    public static final Setting<String> EBAY_CUSTOM_ID =
            optional(SettingGroup.EBAY, "EBAY_CUSTOM_ID", text(256), "Custom id in affiliate links.");

    public static final Setting<String> TOKEN_CRYPTO_KMS_KEY_ID = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_KMS_KEY_ID",
                    text(2048),
                    "Id of a key in a key service, kept for when one is supported; until then TOKEN_CRYPTO_LOCAL_KEY seals tokens.")
            .requiredInProductionBy(Role.PROVIDER);

    public static final Setting<Secret> TOKEN_CRYPTO_LOCAL_KEY = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_LOCAL_KEY",
                    fernetKey(),
                    "Key that seals stored Discogs tokens, 32 random bytes in URL-safe base64; without it, outside development, accounts cannot be linked.")
            .secretly();

    public static final Setting<Path> TOKEN_CRYPTO_LOCAL_KEY_PATH = optional(
            SettingGroup.TOKEN_CIPHER,
            "TOKEN_CRYPTO_LOCAL_KEY_PATH",
            path(),
            "File that holds such a key; read if TOKEN_CRYPTO_LOCAL_KEY is absent.");

    public static final Setting<EmailProvider> NOTIFICATION_EMAIL_PROVIDER = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_EMAIL_PROVIDER",
            emailProvider(),
            "stub",
            "Through what mails leave: `stub` only logs them, `smtp` sends them to SMTP_HOST.");

    public static final Setting<String> NOTIFICATION_SENDER_EMAIL = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_SENDER_EMAIL",
            email(),
            "noreply@example.com",
            "Sender of mails that leave through SMTP.");

    public static final Setting<String> NOTIFICATION_SENDER_NAME = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_SENDER_NAME",
            text(100),
            "WaxWatch",
            "Name of that sender, as mail programs show it.");

    public static final Setting<String> NOTIFICATION_MESSAGE_ID_DOMAIN = optional(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_MESSAGE_ID_DOMAIN",
            mailDomain(),
            "Right half of the mails' `Message-ID`; the host of PUBLIC_BASE_URL if absent.");

    public static final Setting<String> SMTP_HOST = optional(
            SettingGroup.NOTIFICATIONS,
            "SMTP_HOST",
            host(),
            "Host that takes the mails; required by the notifier with `smtp`.");

    public static final Setting<Integer> SMTP_PORT =
            withDefault(SettingGroup.NOTIFICATIONS, "SMTP_PORT", remotePort(), "587", "Port of that host.");

    public static final Setting<String> SMTP_USERNAME =
            optional(SettingGroup.NOTIFICATIONS, "SMTP_USERNAME", text(300), "User at that host; no login if absent.");

    public static final Setting<Secret> SMTP_PASSWORD = optional(
                    SettingGroup.NOTIFICATIONS, "SMTP_PASSWORD", secret(), "Password at that host.")
            .secretly();

    public static final Setting<Boolean> SMTP_STARTTLS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_STARTTLS",
            bool(),
            "true",
            "Whether the connection must be encrypted by STARTTLS before anything is sent.");

    public static final Setting<String> SMTP_EHLO_NAME = optional(
            SettingGroup.NOTIFICATIONS,
            "SMTP_EHLO_NAME",
            mailDomain(),
            "Name by which we greet that host: one that the DNS knows. The host of PUBLIC_BASE_URL if absent, or our address in"
                    + " brackets where that is no full name.");

    public static final Setting<Integer> SMTP_CONNECTIONS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_CONNECTIONS",
            integer(1, 100),
            "16",
            "Most connections of a notifier to that host, each with one mail at a time; a host that admits fewer is served by those.");

    public static final Setting<Duration> SMTP_TIMEOUT_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_TIMEOUT_SECONDS",
            seconds(1, 120),
            "10",
            "Longest wait for a connection to that host, and for its encryption. What the host may take over a mail is bounded"
                    + " step by step, by the four that follow.");

    public static final Setting<Duration> SMTP_COMMAND_TIMEOUT_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_COMMAND_TIMEOUT_SECONDS",
            seconds(1, 3600),
            "300",
            "Longest wait for that host's greeting and for its answer to each command (RFC 5321, 4.5.3.2).");

    public static final Setting<Duration> SMTP_DATA_TIMEOUT_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_DATA_TIMEOUT_SECONDS",
            seconds(1, 3600),
            "120",
            "Longest wait until that host is ready for a mail's text, after it was announced.");

    public static final Setting<Duration> SMTP_BLOCK_TIMEOUT_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_BLOCK_TIMEOUT_SECONDS",
            seconds(1, 3600),
            "180",
            "Longest wait until that host has taken a mail's text off the line.");

    public static final Setting<Duration> SMTP_END_TIMEOUT_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "SMTP_END_TIMEOUT_SECONDS",
            seconds(1, 7200),
            "600",
            "Longest wait for that host's word on a whole mail. A mail without that word may have arrived; a short wait makes copies.");

    public static final Setting<Integer> NOTIFICATION_BATCH_SIZE = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_BATCH_SIZE",
            integer(1, 10000),
            "100",
            "Most notifications one claim takes.");

    public static final Setting<Duration> NOTIFICATION_LEASE_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_LEASE_SECONDS",
            seconds(2, 3600),
            "30",
            "A claimed notification that is not closed by then is delivered again.");

    public static final Setting<Duration> NOTIFICATION_SWEEP_INTERVAL_MS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_SWEEP_INTERVAL_MS",
            milliseconds(50, 600000),
            "1000",
            "Time between two looks for notifications whose nudge was lost or whose delay is over.");

    public static final Setting<Duration> NOTIFICATION_RETRY_BACKOFF_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_RETRY_BACKOFF_SECONDS",
            seconds(1, 3600),
            "5",
            "Wait before the first retry of a delivery; it doubles with each further one.");

    public static final Setting<Duration> NOTIFICATION_RETRY_MAX_DELAY_SECONDS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_RETRY_MAX_DELAY_SECONDS",
            seconds(1, 86400),
            "1800",
            "Longest wait between two deliveries of one notification.");

    public static final Setting<Integer> NOTIFICATION_MAX_RETRIES = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_MAX_RETRIES",
            integer(0, 100),
            "4",
            "A mail that was put off is retried at least so often, however long that takes; one that was handed over without an answer"
                    + " at most so often.");

    public static final Setting<Duration> NOTIFICATION_RETRY_FOR_HOURS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_RETRY_FOR_HOURS",
            hours(1, 720),
            "24",
            "How long a mail that the host puts off is retried, from the first time on. Then it has failed, and its reader sees why.");

    public static final Setting<Duration> NOTIFICATION_HOLD_FOR_HOURS = withDefault(
            SettingGroup.NOTIFICATIONS,
            "NOTIFICATION_HOLD_FOR_HOURS",
            hours(1, 720),
            "120",
            "How old a mail may become while the host is away or refuses us; such tries do not count against it.");

    public static final Setting<String> SES_REGION = withDefault(
                    SettingGroup.NOTIFICATIONS, "SES_REGION", text(40), "us-east-1", "AWS region of SES.")
            .reserved(ONLY_SMTP);

    public static final Setting<String> SES_SENDER_EMAIL = withDefault(
                    SettingGroup.NOTIFICATIONS,
                    "SES_SENDER_EMAIL",
                    email(),
                    "noreply@example.com",
                    "Sender of mails that leave through SES.")
            .reserved(ONLY_SMTP);

    public static final Setting<String> SES_CONFIGURATION_SET = optional(
                    SettingGroup.NOTIFICATIONS, "SES_CONFIGURATION_SET", text(100), "Configuration set of SES.")
            .reserved(ONLY_SMTP);

    public static final Setting<URI> SES_ENDPOINT_URL = optional(
                    SettingGroup.NOTIFICATIONS,
                    "SES_ENDPOINT_URL",
                    httpUrl(),
                    "Other address of the SES API, for tests.")
            .reserved(ONLY_SMTP);

    public static final Setting<Secret> SENTRY_DSN = optional(
                    SettingGroup.ERROR_REPORTING, "SENTRY_DSN", secretHttpUrl(), "Where errors are reported.")
            .secretly()
            .reserved(NO_ERROR_REPORTS);

    public static final Setting<String> SENTRY_ENVIRONMENT = optional(
                    SettingGroup.ERROR_REPORTING,
                    "SENTRY_ENVIRONMENT",
                    text(40),
                    "Environment in those reports; ENVIRONMENT if absent.")
            .reserved(NO_ERROR_REPORTS);

    public static final Setting<List<String>> SENTRY_ENABLED_ENVIRONMENTS = withDefault(
                    SettingGroup.ERROR_REPORTING,
                    "SENTRY_ENABLED_ENVIRONMENTS",
                    list(),
                    "staging,prod",
                    "Environments that report errors.")
            .reserved(NO_ERROR_REPORTS);

    public static final Setting<Double> SENTRY_TRACES_SAMPLE_RATE = withDefault(
                    SettingGroup.ERROR_REPORTING,
                    "SENTRY_TRACES_SAMPLE_RATE",
                    fraction(0, 1),
                    "0.0",
                    "Share of requests that are traced.")
            .reserved(NO_ERROR_REPORTS);

    public static final Setting<Path> STANDALONE_DATA_DIRECTORY = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_DATA_DIRECTORY",
            path(),
            ".run",
            "Folder for what the embedded parts keep between runs, and for standalone.json.");

    public static final Setting<Integer> STANDALONE_POSTGRES_PORT = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_POSTGRES_PORT",
            listenPort(),
            "0",
            "Port of the embedded PostgreSQL; 0 takes a free one.");

    public static final Setting<Integer> STANDALONE_REDIS_PORT = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_REDIS_PORT",
            listenPort(),
            "0",
            "Port of the embedded Redis; 0 takes a free one.");

    public static final Setting<Integer> STANDALONE_SANDBOX_PORT = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_SANDBOX_PORT",
            listenPort(),
            "0",
            "Port of the marketplace sandbox; 0 takes a free one.");

    public static final Setting<Integer> STANDALONE_IDENTITY_PORT = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_IDENTITY_PORT",
            listenPort(),
            "0",
            "Port of the development identity provider; 0 takes a free one.");

    public static final Setting<Integer> STANDALONE_SMTP_PORT = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_SMTP_PORT",
            listenPort(),
            "0",
            "Port of the mail sink (SMTP); 0 takes a free one.");

    public static final Setting<Integer> STANDALONE_MAIL_PORT = withDefault(
            SettingGroup.STANDALONE,
            "STANDALONE_MAIL_PORT",
            listenPort(),
            "0",
            "Port of the page that shows the mails; 0 takes a free one.");

    private static final List<Setting<?>> ALL = List.of(
            APP_NAME,
            ENVIRONMENT,
            LOG_LEVEL,
            JSON_LOGS,
            NODE_NAME,
            MANAGEMENT_HOST,
            MANAGEMENT_PORT,
            METRICS_ON_PUBLIC_PORT,
            STARTUP_TIMEOUT_SECONDS,
            SHUTDOWN_GRACE_SECONDS,
            DATABASE_URL,
            DB_POOL,
            DATABASE_POOL_MAX_SIZE,
            DATABASE_POOL_MAX_WAITERS,
            DATABASE_ACQUIRE_TIMEOUT_SECONDS,
            DATABASE_CONNECT_TIMEOUT_SECONDS,
            DATABASE_STATEMENT_TIMEOUT_SECONDS,
            DATABASE_IDLE_TIMEOUT_SECONDS,
            REDIS_URL,
            REDIS_CA_FILE,
            REDIS_TIMEOUT_MS,
            CLUSTER_NAME,
            CLUSTER_HOST,
            CLUSTER_PORT,
            CLUSTER_PORT_COUNT,
            CLUSTER_MEMBERS,
            CLUSTER_KUBERNETES_SERVICE_DNS,
            EVENT_BUS_PORT,
            CLUSTER_TLS_CERT_FILE,
            CLUSTER_TLS_KEY_FILE,
            CLUSTER_TLS_CA_FILE,
            GATEWAY_HOST,
            GATEWAY_PORT,
            REQUEST_TIMEOUT_SECONDS,
            HTTP2_CLEARTEXT_ENABLED,
            PUBLIC_BASE_URL,
            START_PAGE_MAIL_URL,
            START_PAGE_ACCOUNT,
            SUPABASE_URL,
            AUTH_ISSUER,
            AUTH_JWKS_URL,
            AUTH_AUDIENCE,
            AUTH_JWT_ALGORITHMS,
            AUTH_DERIVE_USER_IDS,
            AUTH_JWKS_CACHE_TTL_SECONDS,
            AUTH_CLOCK_SKEW_SECONDS,
            AUTH_PASSWORD_GRANT,
            AUTH_TOKEN_URL,
            AUTH_CLIENT_ID,
            AUTH_SCOPE,
            AUTH_CLIENT_SECRET,
            SESSION_LIFETIME_DAYS,
            CORS_ALLOWED_ORIGINS,
            CORS_ALLOWED_METHODS,
            CORS_ALLOWED_HEADERS,
            CORS_ALLOW_CREDENTIALS,
            RATE_LIMIT_ENABLED,
            RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM,
            RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST,
            RATE_LIMIT_GLOBAL_ANONYMOUS_RPM,
            RATE_LIMIT_GLOBAL_ANONYMOUS_BURST,
            RATE_LIMIT_AUTH_ENDPOINT_RPM,
            RATE_LIMIT_AUTH_ENDPOINT_BURST,
            RATE_LIMIT_SEARCH_RPM,
            RATE_LIMIT_SEARCH_BURST,
            RATE_LIMIT_WATCH_RULES_RPM,
            RATE_LIMIT_WATCH_RULES_BURST,
            RATE_LIMIT_DISCOGS_RPM,
            RATE_LIMIT_DISCOGS_BURST,
            RATE_LIMIT_STREAM_EVENTS_RPM,
            RATE_LIMIT_STREAM_EVENTS_BURST,
            TRUSTED_PROXY_CIDRS,
            STREAM_HEARTBEAT_SECONDS,
            STREAM_MAX_PER_USER,
            STREAM_BUFFER_BYTES,
            SEARCH_PROVIDER_TIMEOUT_SECONDS,
            SEARCH_MAX_IN_FLIGHT,
            SEARCH_MAX_IN_FLIGHT_PER_USER,
            SEARCH_CACHE_SECONDS,
            SEARCH_EBAY_PER_HOUR,
            SEARCH_DISCOGS_PER_MINUTE,
            DEV_AUTO_CREATE_USERS,
            DEV_BACKFILL_ON_RULE_CHANGE,
            DEV_BACKFILL_DAYS,
            DEV_BACKFILL_LIMIT,
            RULE_MIN_POLL_INTERVAL_SECONDS,
            RULE_MAX_POLL_INTERVAL_SECONDS,
            RULES_MAX_PER_USER,
            RULE_QUERIES_MAX_PER_USER,
            WATCH_RELEASES_MAX_PER_USER,
            SCHEDULER_POLL_INTERVAL_SECONDS,
            SCHEDULER_BATCH_SIZE,
            SCHEDULER_NEXT_RUN_JITTER_SECONDS,
            SCHEDULER_FAILURE_RETRY_JITTER_SECONDS,
            SCHEDULER_LEASE_SECONDS,
            SCHEDULER_MAX_UNACKNOWLEDGED,
            EBAY_SWEEP_INTERVAL_SECONDS,
            RELEASE_FLOOR_INTERVAL_SECONDS,
            DISCOGS_POLLS_PER_MINUTE,
            RETENTION_INTERVAL_SECONDS,
            RETENTION_PRICE_SNAPSHOTS_DAYS,
            RETENTION_PROVIDER_REQUESTS_DAYS,
            RETENTION_EVENTS_DAYS,
            DISCOGS_BASE_URL,
            DISCOGS_SITE_URL,
            DISCOGS_USER_AGENT,
            DISCOGS_TOKEN,
            DISCOGS_OAUTH_CLIENT_ID,
            DISCOGS_OAUTH_CLIENT_SECRET,
            DISCOGS_OAUTH_REDIRECT_URI,
            DISCOGS_OAUTH_SCOPES,
            DISCOGS_OAUTH_STATE_TTL_SECONDS,
            DISCOGS_TIMEOUT_SECONDS,
            DISCOGS_MAX_ATTEMPTS,
            DISCOGS_RETRY_BASE_DELAY_MS,
            DISCOGS_RETRY_MAX_DELAY_MS,
            DISCOGS_SYNC_ENABLED,
            DISCOGS_SYNC_INTERVAL_SECONDS,
            DISCOGS_SYNC_USER_BATCH_SIZE,
            DISCOGS_SYNC_JITTER_SECONDS,
            DISCOGS_SYNC_SPREAD_SECONDS,
            EBAY_BASE_URL,
            EBAY_CLIENT_ID,
            EBAY_CLIENT_SECRET,
            EBAY_OAUTH_SCOPE,
            EBAY_MARKETPLACE_ID,
            EBAY_CATEGORY_ID,
            EBAY_SWEEP_MAX_PAGES,
            EBAY_TIMEOUT_SECONDS,
            EBAY_MAX_ATTEMPTS,
            EBAY_RETRY_BASE_DELAY_MS,
            EBAY_RETRY_MAX_DELAY_MS,
            EBAY_CAMPAIGN_ID,
            EBAY_CUSTOM_ID,
            TOKEN_CRYPTO_KMS_KEY_ID,
            TOKEN_CRYPTO_LOCAL_KEY,
            TOKEN_CRYPTO_LOCAL_KEY_PATH,
            NOTIFICATION_EMAIL_PROVIDER,
            NOTIFICATION_SENDER_EMAIL,
            NOTIFICATION_SENDER_NAME,
            NOTIFICATION_MESSAGE_ID_DOMAIN,
            SMTP_HOST,
            SMTP_PORT,
            SMTP_USERNAME,
            SMTP_PASSWORD,
            SMTP_STARTTLS,
            SMTP_EHLO_NAME,
            SMTP_CONNECTIONS,
            SMTP_TIMEOUT_SECONDS,
            SMTP_COMMAND_TIMEOUT_SECONDS,
            SMTP_DATA_TIMEOUT_SECONDS,
            SMTP_BLOCK_TIMEOUT_SECONDS,
            SMTP_END_TIMEOUT_SECONDS,
            NOTIFICATION_BATCH_SIZE,
            NOTIFICATION_LEASE_SECONDS,
            NOTIFICATION_SWEEP_INTERVAL_MS,
            NOTIFICATION_RETRY_BACKOFF_SECONDS,
            NOTIFICATION_RETRY_MAX_DELAY_SECONDS,
            NOTIFICATION_MAX_RETRIES,
            NOTIFICATION_RETRY_FOR_HOURS,
            NOTIFICATION_HOLD_FOR_HOURS,
            SES_REGION,
            SES_SENDER_EMAIL,
            SES_CONFIGURATION_SET,
            SES_ENDPOINT_URL,
            SENTRY_DSN,
            SENTRY_ENVIRONMENT,
            SENTRY_ENABLED_ENVIRONMENTS,
            SENTRY_TRACES_SAMPLE_RATE,
            STANDALONE_DATA_DIRECTORY,
            STANDALONE_POSTGRES_PORT,
            STANDALONE_REDIS_PORT,
            STANDALONE_SANDBOX_PORT,
            STANDALONE_IDENTITY_PORT,
            STANDALONE_SMTP_PORT,
            STANDALONE_MAIL_PORT);

    private static final List<RetiredSetting> RETIRED = List.of(
            new RetiredSetting(
                    "DB_POOL_SIZE",
                    List.of("DATABASE_POOL_MAX_SIZE"),
                    "the pool has one bound, not a size and an overflow."),
            new RetiredSetting(
                    "DB_MAX_OVERFLOW",
                    List.of("DATABASE_POOL_MAX_SIZE", "DATABASE_POOL_MAX_WAITERS"),
                    "a pool that is full lets callers wait in a bounded queue instead of opening more connections."),
            new RetiredSetting(
                    "CELERY_BROKER_URL",
                    List.of("REDIS_URL"),
                    "work is handed out by leased rows and the event bus; Redis only holds what may be lost."),
            new RetiredSetting("CELERY_RESULT_BACKEND", List.of(), "the outcome of work is a row in PostgreSQL."),
            new RetiredSetting(
                    "CELERY_TASK_ALWAYS_EAGER",
                    List.of(),
                    "one process that does everything is the standalone module."),
            new RetiredSetting(
                    "CELERY_TASK_EAGER_PROPAGATES",
                    List.of(),
                    "one process that does everything is the standalone module."),
            new RetiredSetting(
                    "CELERY_TASK_RETRY_BACKOFF_SECONDS",
                    List.of("NOTIFICATION_RETRY_BACKOFF_SECONDS"),
                    "only deliveries were retried by it."),
            new RetiredSetting(
                    "CELERY_TASK_MAX_RETRIES",
                    List.of("NOTIFICATION_MAX_RETRIES"),
                    "only deliveries were retried by it."),
            new RetiredSetting(
                    "CELERY_WORKER_PREFETCH_MULTIPLIER",
                    List.of("SCHEDULER_MAX_UNACKNOWLEDGED"),
                    "the scheduler bounds how many polls are out at once."),
            new RetiredSetting(
                    "CELERY_WORKER_MAX_TASKS_PER_CHILD", List.of(), "there are no worker processes to recycle."),
            new RetiredSetting(
                    "SCHEDULER_RULE_LIMIT",
                    List.of(),
                    "rules share polls, which read whole pages; a run by hand names its own limit."),
            new RetiredSetting(
                    "PROVIDER_FORCE_MOCK",
                    List.of("EBAY_BASE_URL", "DISCOGS_BASE_URL"),
                    "the real clients are pointed at the marketplace sandbox."));

    private SettingsCatalog() {}

    /** All settings, grouped, in the order of the documentation. */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** The variables of earlier deployments that nothing reads any more. */
    public static List<RetiredSetting> retired() {
        return RETIRED;
    }

    private static SettingType<String> environmentName() {
        return new SettingType<>("text", value -> text(40).parser().parse(value).toLowerCase(Locale.ROOT));
    }

    private static SettingType<Level> logLevel() {
        return choice(ordered(
                Map.entry("debug", Level.DEBUG),
                Map.entry("info", Level.INFO),
                Map.entry("warn", Level.WARN),
                Map.entry("warning", Level.WARN),
                Map.entry("error", Level.ERROR),
                Map.entry("critical", Level.ERROR)));
    }

    private static SettingType<DatabasePooling> pooling() {
        return choice(ordered(Map.entry("queue", DatabasePooling.QUEUE), Map.entry("null", DatabasePooling.NULL)));
    }

    private static SettingType<EmailProvider> emailProvider() {
        SettingType<EmailProvider> built =
                choice(ordered(Map.entry("stub", EmailProvider.STUB), Map.entry("smtp", EmailProvider.SMTP)));
        return new SettingType<>(built.text(), value -> {
            if (value.equalsIgnoreCase("ses")) {
                throw new SettingType.Refused("'ses' is not built yet; write smtp (SES has an SMTP interface) or stub");
            }
            return built.parser().parse(value);
        });
    }

    @SafeVarargs
    private static <T> Map<String, T> ordered(Map.Entry<String, T>... entries) {
        Map<String, T> map = new LinkedHashMap<>();
        for (Map.Entry<String, T> entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }
}
