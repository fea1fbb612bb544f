package io.waxwatch.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the contract's tables play: gateways on one database, a scripted provider, some users and what they own. {@code
 * contract/README.txt} lists the names.
 */
public final class ContractStage implements AutoCloseable {

    private static final Map<String, Map<String, String>> GATEWAYS = Map.of(
            "strict", Map.of("DEV_AUTO_CREATE_USERS", "false"),
            "production", Map.of("ENVIRONMENT", "production", "DEV_AUTO_CREATE_USERS", "true"),
            "counted", Map.of("RATE_LIMIT_ENABLED", "true"),
            "narrow",
                    Map.of(
                            "RATE_LIMIT_ENABLED", "true",
                            "RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM", "1",
                            "RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST", "0",
                            "RATE_LIMIT_GLOBAL_ANONYMOUS_RPM", "1",
                            "RATE_LIMIT_GLOBAL_ANONYMOUS_BURST", "0",
                            "CORS_ALLOWED_ORIGINS", "https://waxwatch.example"),
            "open",
                    Map.of(
                            "CORS_ALLOWED_ORIGINS", "[\"https://waxwatch.example\", \"https://other.example\"]",
                            "CORS_ALLOW_CREDENTIALS", "true"),
            "without-discogs", Map.of("EBAY_CLIENT_ID", "id", "EBAY_CLIENT_SECRET", "secret"),
            "lonely", Map.of());

    private static final Pattern NAME = Pattern.compile("\\$([A-Z_]+)");
    private static final Pattern TIME = Pattern.compile("now([+-]\\d+)");

    private static final String LISTING = """
            INSERT INTO listings (id, provider, external_id, url, title, normalized_title, price, currency, status, first_seen_at,
                                  last_seen_at)
            VALUES ($1, $2::text::provider_enum, $3, $4, 'Blue Train', 'blue train', 20.5, 'USD', 'active',
                    '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z')
            """;
    private static final String LINK = """
            INSERT INTO external_account_links (id, user_id, provider, external_user_id, access_token, connected_at, created_at,
                                                updated_at)
            VALUES ($1, $2, 'discogs', $3, $4, '2026-11-20T10:00:00Z', now(), now())
            """;
    private static final String JOB = """
            INSERT INTO import_jobs (id, user_id, provider, import_scope, status, cursor, page, processed_count, imported_count,
                created_count, updated_count, error_count, errors, started_at, created_at, updated_at)
            VALUES ($1, $2, 'discogs', 'both', 'running', 'wantlist:1/3', 1, 100, 99, 90, 9, 1, '[{"error": "late"}]',
                    '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z', '2026-11-20T10:00:01.25Z')
            """;
    private static final String IMPORTED = """
            INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, artist, currency, is_active,
                imported_from_wantlist, imported_from_collection, created_at, updated_at)
            VALUES ($1, $2, $3, 'exact_release', 'Tago Mago', 'Can', 'USD', $4, true, false, now(), now())
            """;
    private static final String CALL = """
            INSERT INTO provider_requests (id, user_id, provider, endpoint, method, status_code, duration_ms, error, meta, created_at)
            VALUES ($1, $2, $3::text::provider_enum, '/search', 'GET', $4, $5, $6, '{"attempt": 1}', $7)
            """;
    private static final String OLD_RULE = """
            INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds, created_at, updated_at)
            VALUES ($1, $2, 'Old', $3, true, 600, '2026-11-20T10:00:00Z', '2026-11-21T12:02:28.93262Z')
            """;

    private final DatabaseAddress database = TestDatabase.fresh();
    private final TestGateway home = TestGateway.on(
            database,
            Map.of(
                    "CORS_ALLOWED_ORIGINS", "https://waxwatch.example",
                    "DISCOGS_OAUTH_REDIRECT_URI", "https://app.example/discogs",
                    "EBAY_CAMPAIGN_ID", "123"));
    private final Map<String, TestGateway> gateways = new HashMap<>(Map.of("home", home));
    private final Map<String, User> users = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final AtomicLong numbers = new AtomicLong(1000);
    private final ScriptedProvider provider;

    public ContractStage() {
        for (String name : new String[] {"ann", "bob", "linked", "pending", "caller", "inactive"}) {
            users.put(name, home.user());
            users.get(name).get("/api/me");
        }
        users.put("admin", administrator());
        users.get("inactive").delete("/api/me");
        names.put("NOBODY", UUID.randomUUID().toString());
        names.put("LARGE", "x".repeat(70_000));
        names.put("LONG", "x".repeat(121));
        names.put("DISCS", "💿".repeat(120));
        watches("ann", "");
        watches("bob", "BOBS_");
        names.put("RULE_UPPER", names.get("RULE").toUpperCase(java.util.Locale.ROOT));
        names.put("RULE_PLAIN", names.get("RULE").replace("-", ""));
        oldRules();
        UUID stored = listings();
        accounts();
        calls();
        home.issuer().account("ann@example.com", "blue train");
        provider = new ScriptedProvider(home.node().bus(), UUID.fromString(names.get("JOB")), stored);
    }

    private User administrator() {
        UUID id = UUID.randomUUID();
        return home
        .new User(
                id,
                TestIssuer.sign(home.issuer().claims(id).claim("role", "admin").build()));
    }

    /** A rule, a release and a notification of the user, by API. */
    private void watches(String user, String prefix) {
        User owner = users.get(user);
        names.put(
                prefix + "RULE",
                owner.post("/api/watch-rules", new JsonObject().put("name", "Mine"))
                        .id());
        names.put(
                prefix + "RELEASE",
                owner.post(
                                "/api/watch-releases",
                                new JsonObject().put("discogs_release_id", 1).put("title", "Mine"))
                        .id());
        names.put(
                prefix + "NOTIFICATION",
                owner.get("/api/notifications").list().getJsonObject(0).getString("id"));
    }

    /** As only an adopted database has them. */
    private void oldRules() {
        names.put("BARE", inserted(OLD_RULE, user("ann"), new JsonObject()));
        names.put("OLD", inserted(OLD_RULE, user("ann"), new JsonObject().put("sources", new JsonArray().add("ebay"))));
        names.put("WORD", inserted(OLD_RULE, user("ann"), old("\"keywords\":\"can\"")));
        names.put("BLANK", inserted(OLD_RULE, user("ann"), old("\"keywords\":[\" \"]")));
        names.put("TEXT", inserted(OLD_RULE, user("ann"), old("\"max_price\":\"7\"")));
        names.put("NEGATIVE", inserted(OLD_RULE, user("ann"), old("\"max_price\":-1")));
    }

    private static JsonObject old(String fault) {
        return new JsonObject("{\"sources\":[\"ebay\"]," + fault + "}");
    }

    private UUID listings() {
        names.put("LISTING", inserted(LISTING, "ebay", "stored", "https://www.ebay.com/itm/1"));
        names.put("NOWHERE", inserted(LISTING, "ebay", "nowhere", " "));
        names.put("ELSEWHERE", inserted(LISTING, "ebay", "elsewhere", "https://evil.example/itm/1"));
        names.put("RECORD", inserted(LISTING, "discogs", "4", "https://www.discogs.com/release/4"));
        return UUID.fromString(names.get("LISTING"));
    }

    private void accounts() {
        inserted(LINK, user("linked"), "digger", "enc:v2:hush");
        inserted(LINK, user("pending"), "pending", null);
        names.put("JOB", inserted(JOB, user("linked")));
        names.put("BOBS_JOB", inserted(JOB, user("bob")));
        names.put("WANTED", inserted(IMPORTED, user("linked"), 3_000_000_001L, true));
        names.put("RESTING", inserted(IMPORTED, user("linked"), 3_000_000_002L, false));
        names.put("BOBS_WANTED", inserted(IMPORTED, user("bob"), 3_000_000_003L, true));
    }

    private void calls() {
        call("caller", "ebay", 200, 100, null, "2026-01-01T00:00:00Z");
        call("caller", "ebay", 503, 102, "eBay error 503", "2026-01-02T00:00:00Z");
        call("caller", "discogs", null, null, "Discogs network error", "2026-01-03T00:00:00Z");
        call("caller", "discogs", 404, 8, "", "2026-01-04T00:00:00Z");
        call("bob", "ebay", 200, 7, null, "2026-01-05T00:00:00Z");
    }

    private void call(String user, String provider, Integer status, Integer duration, String error, String at) {
        inserted(CALL, user(user), provider, status, duration, error, OffsetDateTime.parse(at));
    }

    private UUID user(String name) {
        return users.get(name).id;
    }

    /** The new row's id. */
    private String inserted(String sql, Object... parameters) {
        UUID id = UUID.randomUUID();
        var all = new Object[parameters.length + 1];
        all[0] = id;
        System.arraycopy(parameters, 0, all, 1, parameters.length);
        home.sql(sql, all);
        return id.toString();
    }

    /** What a row asks for, once what it starts from is so. */
    public void play(ContractRow row) {
        var scene = new Scene();
        try {
            row.given().forEach(scene::set);
            scene.filled(row).judge(scene.ask(row));
        } finally {
            scene.clear();
        }
    }

    /** One row's circumstances. */
    private final class Scene {

        private final Map<String, String> headers = new HashMap<>();
        private final java.util.List<Runnable> undo = new java.util.ArrayList<>();
        private TestGateway gateway = home;
        private User user = users.get("ann");

        public void set(String condition) {
            String kind = condition.replaceFirst(" .*", "");
            String rest = condition.substring(kind.length()).strip();
            switch (kind) {
                case "as" -> user = caller(rest);
                case "at" ->
                    gateway = gateways.computeIfAbsent(
                            rest, name -> TestGateway.beside(home, database, GATEWAYS.get(name)));
                case "token" -> user = home.new User(user.id, token(rest, user.id));
                case "claims" -> user = claiming(new JsonObject(rest));
                case "header" -> headers.put(rest.replaceFirst(":.*", ""), rest.replaceFirst("^[^:]+: ?", ""));
                case "after" -> after(rest);
                case "without" -> away(rest);
                case "issuer" -> moody(TestIssuer.Mood.valueOf(rest.toUpperCase(java.util.Locale.ROOT)));
                case "failing" -> failing(rest);
                default -> throw new AssertionError("nobody knows what '" + condition + "' means");
            }
        }

        private User caller(String name) {
            return switch (name) {
                case "new" -> home.user();
                case "nobody" -> home.bearer(null);
                default -> users.get(name);
            };
        }

        private User claiming(JsonObject claims) {
            UUID id = UUID.randomUUID();
            return home.new User(id, TestIssuer.sign(claimed(home.issuer().claims(id), claims)));
        }

        private void after(String request) {
            String[] parts = request.split(" ", 3);
            Buffer body = parts.length < 3 ? null : Buffer.buffer(filled(parts[2]));
            send(HttpMethod.valueOf(parts[0]), filled(parts[1]), body);
        }

        private void away(String table) {
            home.sql("ALTER TABLE " + table + " RENAME TO away");
            undo.add(() -> home.sql("ALTER TABLE away RENAME TO " + table));
        }

        /** A gateway that knows no keys yet. */
        private void moody(TestIssuer.Mood mood) {
            TestGateway fresh = TestGateway.withKeys(mood, database, Map.of());
            undo.add(fresh::close);
            gateway = fresh;
            user = fresh.user();
        }

        private void failing(String failure) {
            String[] parts = failure.split(" ", 2);
            provider.fails(new Failure(FailureKind.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT)), parts[1]));
            undo.add(() -> provider.fails(null));
        }

        public Reply ask(ContractRow row) {
            return send(
                    row.method(), filled(row.path()), row.body() == null ? null : Buffer.buffer(filled(row.body())));
        }

        private Reply send(HttpMethod method, String path, Buffer body) {
            HttpRequest<Buffer> request = gateway.request(method, path);
            if (user.token != null) {
                request.putHeader("authorization", "Bearer " + user.token);
            }
            if (body != null) {
                request.putHeader("content-type", "application/json");
            }
            headers.forEach((name, value) -> request.putHeader(name, filled(value)));
            return new Reply(TestNode.await(body == null ? request.send() : request.sendBuffer(body)));
        }

        public ContractRow filled(ContractRow row) {
            return new ContractRow(
                    row.where(),
                    row.text(),
                    row.given(),
                    row.method(),
                    row.path(),
                    row.body(),
                    row.status(),
                    filled(row.expected()),
                    row.headers().stream()
                            .map(header -> Map.entry(header.getKey(), filled(header.getValue())))
                            .toList());
        }

        private String filled(String text) {
            return NAME.matcher(text).replaceAll(name -> Matcher.quoteReplacement(named(name.group(1))));
        }

        private String named(String name) {
            String value = switch (name) {
                case "NEW" -> Long.toString(numbers.incrementAndGet());
                case "ME" -> user.id.toString();
                case "TOKEN" -> home.issuer().token(user("ann"));
                default -> names.get(name);
            };
            if (value == null) {
                throw new AssertionError("nothing is called $" + name);
            }
            return value;
        }

        public void clear() {
            undo.forEach(Runnable::run);
        }
    }

    /** Null takes a claim away; {@code now-31} is a time. */
    private static JWTClaimsSet claimed(JWTClaimsSet.Builder claims, JsonObject changes) {
        changes.forEach(change -> claims.claim(change.getKey(), claim(change.getValue())));
        return claims.build();
    }

    private static Object claim(Object value) {
        if (value instanceof JsonArray array) {
            return array.getList();
        }
        if (value instanceof JsonObject object) {
            return object.getMap();
        }
        if (value instanceof String text) {
            Matcher time = TIME.matcher(text);
            return time.matches() ? TestIssuer.in(Duration.ofSeconds(Long.parseLong(time.group(1)))) : text;
        }
        return value;
    }

    private String token(String kind, UUID subject) {
        JWTClaimsSet claims = home.issuer().claims(subject).build();
        String known = TestIssuer.FIRST.getKeyID();
        try {
            return switch (kind) {
                case "rubbish" -> "a.b.c";
                case "unsigned" -> new PlainJWT(claims).serialize();
                case "unknown-key" -> TestIssuer.sign(claims, TestIssuer.SECOND);
                case "no-key" -> TestIssuer.sign(claims, header(JWSAlgorithm.RS256, null), signer());
                case "rs512" -> TestIssuer.sign(claims, header(JWSAlgorithm.RS512, known), signer());
                case "foreign-signature" ->
                    TestIssuer.sign(claims, header(JWSAlgorithm.RS256, known), new RSASSASigner(TestIssuer.SECOND));
                case "public-key-as-secret" ->
                    TestIssuer.sign(
                            claims,
                            header(JWSAlgorithm.HS256, known),
                            new MACSigner(TestIssuer.FIRST.toRSAPublicKey().getEncoded()));
                default -> throw new AssertionError("there is no token " + kind);
            };
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String keyId) {
        return new JWSHeader.Builder(algorithm).keyID(keyId).build();
    }

    private static RSASSASigner signer() throws JOSEException {
        return new RSASSASigner(TestIssuer.FIRST);
    }

    @Override
    public void close() {
        gateways.values().stream().filter(gateway -> gateway != home).forEach(TestGateway::close);
        home.close();
    }
}
