package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.Contract;
import io.waxwatch.gateway.testing.Contract.Operation;
import io.waxwatch.gateway.testing.Sample;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route against everybody who may not use it: the right refusal, and nothing changed in any table. The routes are
 * those of the API document, which {@code DocumentTest} holds equal to what is mounted; a new one is covered by itself.
 */
class AuthorisationMatrixTest {

    /** The only ones without a token. */
    private static final Set<String> PUBLIC = Set.of(
            "GET /healthz",
            "GET /readyz",
            "GET /metrics",
            "GET /openapi.json",
            "GET /",
            "GET /docs",
            "GET /redoc",
            // A browser comes back from Discogs, and brings none.
            "GET /api/integrations/discogs/oauth/return",
            "POST /api/auth/login",
            // eBay brings a signature instead, and looks who answers.
            "GET /api/ebay/account-deletion",
            "POST /api/ebay/account-deletion");

    /** What belongs to nobody: any user may read it. */
    private static final Set<String> SHARED = Set.of("listing_id");

    /** Leaving for good is allowed to those who have left. */
    private static final String ALSO_INACTIVE = "DELETE /api/me/hard-delete";

    private static TestGateway gateway;
    private static User ann;
    private static User inactive;
    private static Map<String, String> idsOfBob;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
        ann = gateway.user();
        ann.get("/api/events");
        inactive = gateway.user();
        inactive.get("/api/events");
        gateway.sql("UPDATE users SET is_active = false WHERE id = $1", inactive.id);
        TestNode.eventually("noticed", 10_000, () -> inactive.get("/api/events").status() == 403);
        idsOfBob = idsOf(gateway.user());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** One of everything that has an id. */
    private static Map<String, String> idsOf(User bob) {
        var ids = new LinkedHashMap<String, String>();
        ids.put(
                "rule_id",
                bob.post("/api/watch-rules", new JsonObject().put("name", "Bob's"))
                        .id());
        ids.put(
                "watch_release_id",
                bob.post(
                                "/api/watch-releases",
                                new JsonObject().put("discogs_release_id", 1).put("title", "Bob's"))
                        .id());
        gateway.sql(
                "UPDATE watch_releases SET imported_from_wantlist = true, imported_from_collection = true"
                        + " WHERE user_id = $1",
                bob.id);
        gateway.event(bob.id, new JsonObject());
        ids.put(
                "notification_id",
                bob.get("/api/notifications").list().getJsonObject(0).getString("id"));
        ids.put("job_id", inserted("""
                INSERT INTO import_jobs (id, user_id, provider, import_scope, status, page, processed_count,
                    imported_count, created_count, updated_count, error_count, created_at, updated_at)
                VALUES ($1, $2, 'discogs', 'both', 'completed', 1, 0, 0, 0, 0, 0, now(), now())
                """, bob.id));
        UUID listing = UUID.randomUUID();
        gateway.sql("""
                INSERT INTO listings (id, provider, external_id, url, title, price, currency, status, first_seen_at,
                    last_seen_at)
                VALUES ($1, 'ebay', 'v1|1|0', 'https://www.ebay.com/itm/1', 'Blue Train', 20, 'USD', 'active', now(), now())
                """, listing);
        ids.put("listing_id", listing.toString());
        return ids;
    }

    private static String inserted(String sql, UUID user) {
        UUID id = UUID.randomUUID();
        gateway.sql(sql, id, user);
        return id.toString();
    }

    static List<Operation> guarded() {
        return Contract.document().operations().stream()
                .filter(Operation::needsToken)
                .toList();
    }

    static List<Operation> owned() {
        return guarded().stream()
                .filter(operation -> operation.parameters().stream()
                        .anyMatch(each ->
                                each.getString("in").equals("path") && !SHARED.contains(each.getString("name"))))
                .toList();
    }

    static List<Operation> administrative() {
        return guarded().stream()
                .filter(operation -> operation.path().contains("/admin"))
                .toList();
    }

    @Test
    void only_these_need_no_token() {
        var open = new TreeSet<String>();
        Contract.document().operations().stream()
                .filter(operation -> !operation.needsToken())
                .forEach(operation -> open.add(operation.toString()));
        assertThat(PUBLIC).containsAll(open);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refuses_bad_credentials(Operation operation) {
        String before = digest();
        badTokens().forEach((why, token) -> {
            Reply reply = send(gateway.bearer(token), operation);
            assertThat(reply.status()).as("%s with %s", operation, why).isEqualTo(401);
            assertThat(reply.message()).as("%s with %s", operation, why).isNotBlank();
        });
        assertThat(digest()).as("%s changed something", operation).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refuses_an_inactive_account(Operation operation) {
        if (operation.toString().equals(ALSO_INACTIVE)) {
            return;
        }
        String before = digest();
        Reply reply = send(inactive, operation);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.message()).isEqualTo("User account is inactive");
        assertThat(digest()).as("%s changed something", operation).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("owned")
    void hides_what_is_somebody_elses(Operation operation) {
        String before = digest();
        Reply reply = send(ann, operation);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(digest()).as("%s changed something", operation).isEqualTo(before);
    }

    @Test
    void refuses_administration_to_anybody_else() {
        String before = digest();
        for (Operation operation : administrative()) {
            Reply reply = send(ann, operation);
            assertThat(reply.status()).as("%s", operation).isEqualTo(403);
            assertThat(reply.message()).as("%s", operation).isEqualTo("Admin access required");
        }
        assertThat(digest()).isEqualTo(before);
    }

    private static Reply send(User user, Operation operation) {
        String uri = Sample.uri(operation, AuthorisationMatrixTest::idOfBob);
        return TestNode.await(user.sending(operation.method(), uri, Sample.body(operation)));
    }

    private static String idOfBob(String parameter) {
        String id = idsOfBob.get(parameter);
        if (id == null) {
            throw new AssertionError("a route has the parameter " + parameter + ": add one of Bob's to idsOf");
        }
        return id;
    }

    private static Map<String, String> badTokens() {
        UUID id = ann.id;
        var issuer = gateway.issuer();
        var tokens = new LinkedHashMap<String, String>();
        tokens.put("no token", null);
        tokens.put(
                "an expired one",
                TestIssuer.sign(issuer.claims(id)
                        .expirationTime(TestIssuer.in(Duration.ofMinutes(-2)))
                        .build()));
        tokens.put(
                "another audience",
                TestIssuer.sign(issuer.claims(id).audience("others").build()));
        tokens.put(
                "another issuer",
                TestIssuer.sign(issuer.claims(id).issuer("https://evil.example").build()));
        tokens.put("no signature", new PlainJWT(issuer.claims(id).build()).serialize());
        tokens.put("the public key as a secret", signedWithPublicKey(id));
        tokens.put("an unknown key", TestIssuer.sign(issuer.claims(id).build(), TestIssuer.SECOND));
        return tokens;
    }

    private static String signedWithPublicKey(UUID id) {
        try {
            return TestIssuer.sign(
                    gateway.issuer().claims(id).build(),
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(TestIssuer.FIRST.getKeyID())
                            .build(),
                    new MACSigner(TestIssuer.FIRST.toRSAPublicKey().getEncoded()));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A fingerprint of every row of every table. */
    private static String digest() {
        var tables = new ArrayList<String>();
        gateway.sql("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
                .forEach(row ->
                        tables.add("SELECT '" + row.getString(0) + "' AS name, md5(coalesce(string_agg(t::text, '|'"
                                + " ORDER BY t::text), '')) AS rows FROM \"" + row.getString(0) + "\" t"));
        var digest = new StringBuilder();
        gateway.sql(String.join(" UNION ALL ", tables) + " ORDER BY 1")
                .forEach(row -> digest.append(row.getString(0))
                        .append(' ')
                        .append(row.getString(1))
                        .append('\n'));
        return digest.toString();
    }
}
