package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.TestGateway.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    void many_unknown_key_ids_cause_one_fetch() {
        assertThat(with(gateway.issuer().token(ann)).status()).isEqualTo(200);
        assertThat(gateway.issuer().fetches()).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            refused(TestIssuer.sign(claims().jwtID("" + i).build(), TestIssuer.SECOND), "unknown token key id");
        }
        // The first fetch was less than five seconds ago, so not even one more.
        assertThat(gateway.issuer().fetches()).isEqualTo(1);
        refused(TestIssuer.sign(claims().build(), new JWSHeader(JWSAlgorithm.RS256), signer()), "unknown token key id");
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
        gateway.issuer().mood(TestIssuer.Mood.FAILING);
        Reply away = with(gateway.issuer().token(ann));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.message()).isEqualTo("unable to fetch jwks");
        assertThat(away.header("retry-after")).isEqualTo("5");
        gateway.issuer().mood(TestIssuer.Mood.WELL);
        TestNode.eventually(
                "the keys are fetched again",
                30_000,
                () -> with(gateway.issuer().token(ann)).status() == 200);
    }

    @Test
    void an_empty_key_set_lets_nobody_in() {
        gateway.issuer().mood(TestIssuer.Mood.EMPTY);
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
        UUID bob = UUID.randomUUID();
        with(TestIssuer.sign(
                gateway.issuer().claims(bob).claim("email", "ann@example.org").build()));
        assertThat(gateway.sql("SELECT email FROM users WHERE id = $1", bob)
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("dev+" + bob + "@waxwatch.dev");

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
