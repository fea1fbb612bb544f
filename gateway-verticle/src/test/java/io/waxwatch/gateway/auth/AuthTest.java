package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.http.Uuids;
import io.waxwatch.gateway.testing.AuthLog;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthTest {

    private static final String PATH = "/api/watch-rules";

    private TestGateway gateway;
    private UUID ann;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of("AUTH_JWKS_CACHE_TTL_SECONDS", "1"));
        ann = UUID.randomUUID();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Reply with(String token) {
        return gateway.bearer(token).get(PATH);
    }

    private void refused(String token, String message) {
        Reply reply = with(token);
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.message()).isEqualTo(message);
        assertThat(reply.header("www-authenticate")).isEqualTo("Bearer");
    }

    private JWTClaimsSet.Builder claims() {
        return gateway.issuer().claims(ann);
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String keyId) {
        return new JWSHeader.Builder(algorithm).keyID(keyId).build();
    }

    @Test
    void accepts_a_good_token_whatever_the_case_of_the_scheme_and_the_form_of_the_audience() {
        assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(200);
        String token = TestIssuer.sign(
                claims().audience(List.of("other", "authenticated")).build());
        assertThat(TestNode.await(gateway.request(HttpMethod.GET, PATH)
                                .putHeader("authorization", "bEARER " + token)
                                .send())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refuses_what_is_no_bearer_token() {
        Reply none = gateway.anonymous(HttpMethod.GET, PATH);
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.message()).isEqualTo("missing bearer token");
        for (String header : new String[] {"Basic x", "Bearer", "Bearer  "}) {
            var reply = new Reply(TestNode.await(gateway.request(HttpMethod.GET, PATH)
                    .putHeader("authorization", header)
                    .send()));
            assertThat(reply.message()).isEqualTo("missing bearer token");
        }
        refused("rubbish", "invalid bearer token");
        refused("a.b.c", "invalid bearer token");
    }

    @Test
    void refuses_tokens_of_another_time_place_or_audience() {
        refused(
                TestIssuer.sign(claims().expirationTime(TestIssuer.in(Duration.ofSeconds(-31)))
                        .build()),
                "invalid bearer token");
        refused(
                TestIssuer.sign(claims().notBeforeTime(TestIssuer.in(Duration.ofSeconds(40)))
                        .build()),
                "invalid bearer token");
        refused(
                TestIssuer.sign(claims().issueTime(TestIssuer.in(Duration.ofSeconds(40)))
                        .build()),
                "invalid bearer token");
        refused(TestIssuer.sign(claims().audience("anon").build()), "invalid bearer token");
        refused(TestIssuer.sign(claims().issuer(gateway.issuer().url() + "/").build()), "invalid bearer token");
        refused(TestIssuer.sign(claims().expirationTime(null).build()), "invalid bearer token");
        refused(TestIssuer.sign(claims().subject(null).build()), "invalid bearer token");
        refused(TestIssuer.sign(claims().audience((String) null).build()), "invalid bearer token");
        refused(TestIssuer.sign(claims().subject("ann").build()), "invalid token subject");
        assertThat(with(TestIssuer.sign(claims().expirationTime(TestIssuer.in(Duration.ofSeconds(-10)))
                                .build()))
                        .status())
                .as("within the leeway")
                .isEqualTo(200);
    }

    @Test
    void refuses_unsigned_tokens_and_other_algorithms() throws JOSEException {
        refused(new PlainJWT(claims().build()).serialize(), "invalid token algorithm");
        // The classic: the public key taken for an HMAC secret.
        var hmac = new MACSigner(TestIssuer.FIRST.toRSAPublicKey().getEncoded());
        refused(
                TestIssuer.sign(claims().build(), header(JWSAlgorithm.HS256, "first"), hmac),
                "invalid token algorithm");
        var rsa = new RSASSASigner(TestIssuer.FIRST);
        refused(TestIssuer.sign(claims().build(), header(JWSAlgorithm.RS512, "first"), rsa), "invalid token algorithm");
    }

    @Test
    void refuses_a_signature_of_another_key_and_a_tampered_body() throws JOSEException {
        var other = new RSASSASigner(TestIssuer.SECOND);
        refused(TestIssuer.sign(claims().build(), header(JWSAlgorithm.RS256, "first"), other), "invalid bearer token");
        String[] good = gateway.issuer().token(ann).split("\\.");
        String[] bad = gateway.issuer().token(UUID.randomUUID()).split("\\.");
        refused(good[0] + "." + bad[1] + "." + good[2], "invalid bearer token");
    }

    @Test
    void refuses_a_token_that_demands_what_nobody_here_understands() {
        for (String critical : List.of("b64", "exp", "made-up")) {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID("first")
                    .criticalParams(Set.of(critical))
                    .customParam("made-up", true)
                    .build();
            refused(TestIssuer.sign(claims().build(), header, signer()), "invalid bearer token");
        }
    }

    @Test
    void refuses_claims_of_other_types_and_texts_that_are_not_quite_a_token() {
        String good = gateway.issuer().token(ann);
        assertThat(with(good).status()).isEqualTo(200);
        for (String name : List.of("exp", "nbf", "iat", "sub", "iss", "aud")) {
            for (Object value : List.of("soon", Map.of("x", 1), true)) {
                refused(
                        TestIssuer.sign(claims().claim(name, value).build()),
                        "sub".equals(name) && "soon".equals(value) ? "invalid token subject" : "invalid bearer token");
            }
        }
        String header = good.substring(0, good.indexOf('.'));
        String signature = good.substring(good.lastIndexOf('.') + 1);
        String claims = good.substring(header.length() + 1, good.lastIndexOf('.'));
        for (String text : List.of(
                good + ".",
                good + ".x",
                header + "." + claims,
                header + "." + claims + ".",
                header + "..",
                header + ".." + signature,
                "." + claims + "." + signature,
                header + "." + claims + "." + signature.substring(4),
                header + "." + claims + "." + signature + "AAAA",
                Base64URL.encode("[]") + "." + claims + "." + signature,
                Base64URL.encode("{}") + "." + claims + "." + signature,
                Base64URL.encode("{\"alg\":7}") + "." + claims + "." + signature,
                Base64URL.encode("{\"alg\":\"RS256\",\"kid\":7}") + "." + claims + "." + signature)) {
            refused(text, "invalid bearer token");
        }
    }

    @Test
    void keys_without_an_id_and_keys_for_encryption_verify_only_what_they_are_for() throws JOSEException {
        RSAKey nameless = new RSAKeyGenerator(2048).generate();
        RSAKey forEncryption =
                new RSAKeyGenerator(2048).keyID("enc").keyUse(KeyUse.ENCRYPTION).generate();
        gateway.issuer().publish(nameless, forEncryption);
        var withoutId = new JWSHeader(JWSAlgorithm.RS256);
        var signer = new RSASSASigner(nameless);
        String good = TestIssuer.sign(claims().build(), withoutId, signer);
        TestNode.eventually(
                "the keys are fetched again", 30_000, () -> with(good).status() == 200);
        refused(TestIssuer.sign(claims().build(), header(JWSAlgorithm.RS256, "first"), signer), "unknown token key id");
        refused(
                TestIssuer.sign(claims().build(), header(JWSAlgorithm.RS256, "enc"), new RSASSASigner(forEncryption)),
                "unknown token key id");
        refused(TestIssuer.sign(claims().build(), withoutId, new RSASSASigner(forEncryption)), "invalid bearer token");
    }

    @Test
    void ps256_is_let_in_where_it_is_allowed_and_nothing_else_then() {
        try (var other = TestGateway.start(Map.of("AUTH_JWT_ALGORITHMS", "PS256"))) {
            JWTClaimsSet claims = other.issuer().claims(ann).build();
            String token = TestIssuer.sign(claims, header(JWSAlgorithm.PS256, "first"), signer());
            assertThat(other.bearer(token).get(PATH).status()).isEqualTo(200);
            Reply refused = other.bearer(TestIssuer.sign(claims)).get(PATH);
            assertThat(refused.message()).isEqualTo("invalid token algorithm");
        }
        refused(
                TestIssuer.sign(claims().build(), header(JWSAlgorithm.PS256, "first"), signer()),
                "invalid token algorithm");
    }

    @Test
    void many_unknown_key_ids_cause_one_fetch() {
        assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(200);
        assertThat(gateway.issuer().fetches()).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            refused(TestIssuer.sign(claims().jwtID("" + i).build(), TestIssuer.SECOND), "unknown token key id");
        }
        // The first fetch was less than five seconds ago, so not even one more.
        assertThat(gateway.issuer().fetches()).isEqualTo(1);
    }

    @Test
    void a_token_without_a_key_id_is_let_in_where_exactly_one_key_fits() {
        String token = TestIssuer.sign(claims().build(), new JWSHeader(JWSAlgorithm.RS256), signer());
        gateway.issuer().publish(TestIssuer.FIRST, TestIssuer.ecKey("curve"));
        assertThat(with(token).status()).isEqualTo(200);
        gateway.issuer().publish(TestIssuer.FIRST, TestIssuer.SECOND);
        TestNode.eventually(
                "the keys are fetched again",
                30_000,
                () -> with(TestIssuer.sign(claims().build(), TestIssuer.SECOND)).status() == 200);
        refused(
                TestIssuer.sign(claims().jwtID("another").build(), new JWSHeader(JWSAlgorithm.RS256), signer()),
                "unknown token key id");
    }

    @Test
    void a_key_that_replaced_the_only_one_serves_tokens_without_a_key_id_too() throws JOSEException {
        assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(200);
        gateway.issuer().publish(TestIssuer.SECOND);
        String token = TestIssuer.sign(
                claims().build(), new JWSHeader(JWSAlgorithm.RS256), new RSASSASigner(TestIssuer.SECOND));
        TestNode.eventually(
                "the keys are fetched again", 30_000, () -> with(token).status() == 200);
    }

    @Test
    void es256_is_let_in_by_default_as_the_hosted_issuer_signs() throws JOSEException {
        ECKey key = TestIssuer.ecKey("es-1");
        gateway.issuer().publish(key);
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("es-1")
                .type(JOSEObjectType.JWT)
                .build();
        String token = TestIssuer.sign(claims().build(), header, new ECDSASigner(key));
        TestNode.eventually("the key is known", 30_000, () -> with(token).status() == 200);
    }

    @ParameterizedTest
    @CsvSource({"EdDSA, EdDSA", "EdDSA, Ed25519", "Ed25519, EdDSA", "Ed25519, Ed25519"})
    void ed25519_has_two_names(String configured, String borne) throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        Base64URL x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        try (var other = TestGateway.start(Map.of("AUTH_JWT_ALGORITHMS", configured))) {
            other.issuer()
                    .publish(new OctetKeyPair.Builder(Curve.Ed25519, x)
                            .keyID("ed")
                            .algorithm(new Algorithm(borne))
                            .build());
            String signed = Base64URL.encode("{\"alg\":\"" + borne + "\",\"kid\":\"ed\"}") + "."
                    + Base64URL.encode(other.issuer().claims(ann).build().toString());
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            TestGateway.User user = other.bearer(signed + "." + Base64URL.encode(signature.sign()));
            TestNode.eventually("the key is known", 30_000, () -> user.get(PATH).status() == 200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JWT, 200",
        "jwt, 200",
        "at+jwt, 200",
        "application/at+jwt, 200",
        "dpop+jwt, 401",
        "logout+jwt, 401",
        "secevent+jwt, 401",
        "token-introspection+jwt, 401"
    })
    void a_token_that_says_it_is_something_else_is_refused(String type, int status) {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("first")
                .type(new JOSEObjectType(type))
                .build();
        Reply reply = with(TestIssuer.sign(claims().build(), header, signer()));
        assertThat(reply.status()).isEqualTo(status);
        if (status == 401) {
            assertThat(reply.message()).isEqualTo("invalid bearer token");
        }
    }

    @Test
    void the_log_says_once_why_a_token_was_refused_and_what_it_should_have_been() throws JOSEException {
        assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(200);
        var rsa512 = header(JWSAlgorithm.RS512, "first");
        var dpop = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("first")
                .type(new JOSEObjectType("dpop+jwt"))
                .build();
        var foreign = new RSASSASigner(TestIssuer.SECOND);
        List<String> tokens = List.of(
                TestIssuer.sign(claims().audience("account").build()),
                TestIssuer.sign(claims().issuer("https://other.example").build()),
                TestIssuer.sign(claims().expirationTime(TestIssuer.in(Duration.ofSeconds(-99)))
                        .build()),
                TestIssuer.sign(claims().build(), header(JWSAlgorithm.RS256, "first"), foreign),
                TestIssuer.sign(claims().build(), rsa512, signer()),
                TestIssuer.sign(claims().build(), TestIssuer.SECOND),
                TestIssuer.sign(claims().build(), dpop, signer()),
                TestIssuer.sign(claims().subject("auth0|7").build()),
                TestIssuer.sign(claims().subject(null).build()));
        try (var log = new AuthLog()) {
            for (int round = 0; round < 3; round++) {
                tokens.forEach(token -> assertThat(with(token).status()).isEqualTo(401));
            }
            assertThat(log.of("auth.token.refused"))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains("cause=audience", "expected=authenticated", "seen=[account]"),
                            line -> assertThat(line)
                                    .contains(
                                            "cause=issuer",
                                            "expected=" + gateway.issuer().url(),
                                            "seen=https://other.example"),
                            line -> assertThat(line).contains("cause=time", "expected=exp ahead of now", "seen=-"),
                            line -> assertThat(line).contains("cause=signature", "RS256", "first"),
                            line -> assertThat(line)
                                    .contains("cause=algorithm", "expected=[ES256, RS256]", "seen=RS512"),
                            line -> assertThat(line).contains("cause=key_unknown", "expected=[first]", "seen=second"),
                            line -> assertThat(line).contains("cause=type", "seen=dpop+jwt"),
                            line -> assertThat(line).contains("cause=subject", "expected=a UUID", "seen=auth0|7"),
                            line -> assertThat(line).contains("cause=claims", "expected=exp and sub"));
            for (String token : tokens) {
                assertThat(log.all()).noneMatch(line -> line.contains(token.substring(token.lastIndexOf('.'))));
            }
        }
    }

    @Test
    void whoever_makes_tokens_up_cannot_fill_the_log() {
        try (var log = new AuthLog()) {
            for (int i = 0; i < 60; i++) {
                var header = header(JWSAlgorithm.RS256, "made-up-" + i + "x".repeat(3000));
                assertThat(with(TestIssuer.sign(claims().build(), header, signer()))
                                .status())
                        .isEqualTo(401);
            }
            assertThat(log.of("auth.token.refused"))
                    .hasSizeLessThanOrEqualTo(10)
                    .allMatch(line -> line.length() < 600);
        }
    }

    @Test
    void a_subject_that_is_no_uuid_gets_an_id_of_its_own_where_that_is_wanted() {
        try (var derived = TestGateway.start(Map.of("AUTH_DERIVE_USER_IDS", "true"))) {
            String token = TestIssuer.sign(
                    derived.issuer().claims(ann).subject("auth0|7").build());
            String id = derived.bearer(token).get("/api/me").json().getString("id");
            assertThat(id)
                    .isEqualTo(Uuids.named(derived.issuer().url() + "#auth0|7").toString());
            assertThat(derived.user(ann).get("/api/me").json().getString("id"))
                    .as("a UUID stays what it is")
                    .isEqualTo(ann.toString());
        }
    }

    /** Instead of the gateway that has its keys already. */
    private void startWithKeys(TestIssuer.Mood keys) {
        gateway.close();
        gateway = TestGateway.withKeys(keys, TestDatabase.fresh(), Map.of());
    }

    private static JsonObject issuerCheck(TestGateway at) {
        Reply reply = at.anonymous(HttpMethod.GET, "/readyz");
        assertThat(reply.status())
                .as("no gateway could let anybody in, so that leaving this one out helps nobody")
                .isEqualTo(200);
        return reply.json().getJsonObject("checks").getJsonObject("issuer");
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, answered 404",
        "EMPTY, 'is an empty key set, as an issuer publishes that signs with a shared secret (HS256)'"
    })
    void without_any_key_set_ever_the_gateway_says_degraded_and_the_log_says_which_address(
            TestIssuer.Mood mood, String reason) {
        try (var log = new AuthLog()) {
            startWithKeys(mood);
            assertThat(issuerCheck(gateway).getString("status")).isEqualTo("degraded");
            assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(503);
            String url = gateway.issuer().url() + "/.well-known/jwks.json ";
            assertThat(log.of("auth.jwks.fetch.error"))
                    .filteredOn(line -> line.contains(url))
                    .singleElement()
                    .asString()
                    .contains(url + reason);
        }
        gateway.issuer().keysMood(null);
        TestNode.eventually(
                "well again",
                30_000,
                () -> issuerCheck(gateway).getString("status").equals("ok"));
        gateway.issuer().keysMood(mood);
        assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(200);
        assertThat(issuerCheck(gateway).getString("status")).isEqualTo("ok");
    }

    @Test
    void a_key_set_that_nobody_serves_is_named_in_the_log() {
        try (var log = new AuthLog();
                var lost = TestGateway.start(Map.of("AUTH_JWKS_URL", "http://127.0.0.1:1/keys"))) {
            assertThat(lost.user().get(PATH).status()).isEqualTo(503);
            assertThat(log.of("auth.jwks.fetch.error"))
                    .filteredOn(line -> line.contains("http://127.0.0.1:1/keys"))
                    .hasSize(1);
        }
    }

    private static RSASSASigner signer() {
        try {
            return new RSASSASigner(TestIssuer.FIRST);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void many_callers_at_once_share_one_fetch() {
        List<Future<Reply>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(gateway.user().sending(HttpMethod.GET, PATH, null));
        }
        TestNode.await(Future.all(all));
        assertThat(all).allMatch(reply -> reply.result().status() == 200);
        assertThat(gateway.issuer().fetches()).isEqualTo(1);
    }

    @Test
    void says_what_is_wrong_with_the_issuer_and_recovers() {
        startWithKeys(TestIssuer.Mood.FAILING);
        Reply away = with(gateway.issuer().token(ann));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.message()).isEqualTo("unable to fetch jwks");
        assertThat(away.header("retry-after")).isEqualTo("5");
        gateway.issuer().keysMood(null);
        TestNode.eventually(
                "the keys are fetched again",
                30_000,
                () -> with(gateway.issuer().token(ann)).status() == 200);
    }

    @Test
    void an_empty_key_set_lets_nobody_in() {
        startWithKeys(TestIssuer.Mood.EMPTY);
        Reply refused = with(gateway.issuer().token(ann));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.message()).isEqualTo("invalid jwks response");
    }

    @Test
    void an_inactive_user_is_refused_and_a_new_one_gets_a_row_with_the_tokens_address() {
        String token =
                TestIssuer.sign(claims().claim("email", "ann@example.org").build());
        assertThat(with(token).status()).isEqualTo(200);
        assertThat(gateway.sql("SELECT email FROM users WHERE id = $1", ann)
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("ann@example.org");
        gateway.sql("UPDATE users SET is_active = false WHERE id = $1", ann);
        TestNode.eventually(
                "the kept standing is forgotten", 8000, () -> with(token).status() == 403);
        assertThat(with(token).message()).isEqualTo("User account is inactive");
    }

    @Test
    void a_stranger_may_read_but_not_write_where_rows_are_not_made() {
        try (var strict = TestGateway.start(Map.of("DEV_AUTO_CREATE_USERS", "false"))) {
            TestGateway.User stranger = strict.user();
            assertThat(stranger.get(PATH).list()).isEmpty();
            Reply refused = stranger.post(PATH, new JsonObject().put("name", "a"));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.message()).isEqualTo("Unknown user");
            String rule = "/api/watch-rules/" + UUID.randomUUID();
            String release = "/api/watch-releases/" + UUID.randomUUID();
            var name = new JsonObject().put("name", "x");
            assertThat(List.of(
                            stranger.patch(rule, name),
                            stranger.delete(rule),
                            stranger.post(rule + "/disable", null),
                            stranger.delete(rule + "/hard"),
                            stranger.patch(release, new JsonObject()),
                            stranger.delete(release)))
                    .as("nothing is theirs, and clients sign out on 401")
                    .extracting(Reply::status)
                    .containsOnly(404);
        }
    }
}
