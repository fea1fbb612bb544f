package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JwksTest {

    private static final Vertx vertx = Vertx.vertx();

    private static KeySet one;
    private static KeySet two;

    private long now;
    private final List<Promise<KeySet>> flights = new ArrayList<>();
    private final Jwks jwks = new Jwks(this::fly, Duration.ofSeconds(60), () -> now);

    @BeforeAll
    static void keys() throws JOSEException {
        one = set(rsa("one"));
        two = set(rsa("two"));
    }

    @AfterAll
    static void close() {
        TestNode.await(vertx.close());
    }

    private static RSAKey rsa(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    private static KeySet set(RSAKey... keys) {
        return parse(new JsonObject(new JWKSet(List.of(keys)).toPublicJWKSet().toString()));
    }

    private static KeySet parse(JsonObject document) {
        return KeySet.parse(vertx, document, new JWTOptions());
    }

    private Future<KeySet> fly() {
        Promise<KeySet> flight = Promise.promise();
        flights.add(flight);
        return flight.future();
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void serves_the_old_keys_while_it_fetches_and_when_the_issuer_is_down() {
        Future<KeySet> first = jwks.keys();
        flights.get(0).complete(one);
        assertThat(first.result()).isSameAs(one);

        pass(61);
        assertThat(jwks.keys().result()).as("not waiting").isSameAs(one);
        assertThat(flights).hasSize(2);
        flights.get(1).fail("down");
        assertThat(jwks.keys().result()).isSameAs(one);
        assertThat(flights).as("no second try within five seconds").hasSize(2);

        pass(61);
        Future<KeySet> late = jwks.keys();
        assertThat(late.isComplete())
                .as("after twice the lifetime callers wait")
                .isFalse();
        flights.get(2).fail("down");
        assertThat(late.result()).isSameAs(one);
    }

    @Test
    void a_key_is_the_same_when_it_comes_again_and_another_under_its_id_is_not() throws JOSEException {
        RSAKey stays = rsa("stays");
        var key = set(stays).find("stays", "RS256").get(0);
        assertThat(set(stays, rsa("comes")).has(key)).isTrue();
        assertThat(set(rsa("stays")).has(key)).isFalse();
        assertThat(two.has(key)).isFalse();
    }

    @Test
    void an_unknown_key_id_fetches_at_most_once_in_five_seconds() {
        jwks.keys();
        flights.get(0).complete(one);
        assertThat(jwks.keysAgain().result()).isSameAs(one);
        assertThat(flights).hasSize(1);
        pass(5);
        Future<KeySet> again = jwks.keysAgain();
        assertThat(jwks.keysAgain()).as("shared flight").isNotNull();
        assertThat(flights).hasSize(2);
        flights.get(1).complete(two);
        assertThat(again.result()).isSameAs(two);
    }

    @Test
    void a_failed_first_fetch_is_told_to_all_and_tried_again_later() {
        Future<KeySet> a = jwks.keys();
        Future<KeySet> b = jwks.keys();
        flights.get(0).fail("down");
        assertThat(a.failed()).isTrue();
        assertThat(b.failed()).isTrue();
        assertThat(jwks.keys().failed()).isTrue();
        assertThat(flights).hasSize(1);
        pass(5);
        jwks.keys();
        assertThat(flights).hasSize(2);
    }

    @Test
    void keeps_only_keys_that_may_verify_signatures() throws JOSEException {
        OctetSequenceKey secret =
                new OctetSequenceKeyGenerator(256).keyID("secret").generate();
        var document = new JsonObject()
                .put(
                        "keys",
                        new JsonArray()
                                .add(new JsonObject(secret.toJSONString()))
                                .add(new JsonObject(rsa("good").toPublicJWK().toJSONString()))
                                .add(new JsonObject(rsa("enc").toPublicJWK().toJSONString()).put("use", "enc"))
                                .add(new JsonObject().put("kty", "new").put("kid", "new")));
        KeySet keys = parse(document);
        assertThat(keys.size()).isEqualTo(1);
        assertThat(keys.find("good", "RS256")).hasSize(1);
        assertThat(keys.find("good", "HS256")).isEmpty();
        assertThat(keys.find("good", "ES256")).isEmpty();
    }

    private static KeySet document(JsonObject... keys) {
        return parse(new JsonObject().put("keys", new JsonArray(List.of(keys))));
    }

    private static JsonObject json(JWK key) {
        return new JsonObject(key.toPublicJWK().toJSONString());
    }

    @Test
    void a_key_that_may_do_other_things_only_verifies_nothing() throws JOSEException {
        JsonObject good = json(rsa("good")).put("key_ops", new JsonArray().add("verify"));
        for (JsonArray operations :
                List.of(new JsonArray().add("encrypt").add("wrapKey"), new JsonArray().add("sign"), new JsonArray())) {
            KeySet keys = document(good, json(rsa("other")).put("key_ops", operations));
            assertThat(keys.has("other")).as(operations.encode()).isFalse();
            assertThat(keys.has("good")).isTrue();
        }
    }

    @Test
    void two_keys_with_one_id_are_told_apart_by_their_type() throws JOSEException {
        ECKey curve = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        RSAKey number = rsa("one");
        for (KeySet keys : List.of(document(json(curve), json(number)), document(json(number), json(curve)))) {
            assertThat(keys.size()).isEqualTo(2);
            assertThat(keys.find("one", "RS256"))
                    .singleElement()
                    .matches(key -> key.isSame(
                            document(json(number)).find("one", "RS256").get(0)));
            assertThat(keys.find("one", "ES256"))
                    .singleElement()
                    .matches(key -> key.isSame(
                            document(json(curve)).find("one", "ES256").get(0)));
        }
    }

    @Test
    void without_a_key_id_only_the_one_key_that_fits_is_found() throws JOSEException {
        ECKey curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        KeySet mixed =
                document(json(curve), json(rsa("number")), json(rsa("enc")).put("use", "enc"));
        assertThat(mixed.find(null, "RS256")).hasSize(1);
        assertThat(mixed.find(null, "ES256")).hasSize(1);
        assertThat(mixed.find(null, "EdDSA")).isEmpty();
        assertThat(document(json(rsa("a")), json(rsa("b"))).find(null, "RS256")).isEmpty();
        JsonObject nameless = json(rsa("x"));
        nameless.remove("kid");
        assertThat(document(nameless).find(null, "RS256")).hasSize(1);
        assertThat(document(nameless).find("x", "RS256")).isEmpty();
    }

    @Test
    void what_is_no_use_as_a_key_set_says_why() {
        assertThatThrownBy(() -> document())
                .hasMessage("is an empty key set, as an issuer publishes that signs with a shared secret (HS256)");
        assertThatThrownBy(() -> document(new JsonObject().put("kty", "oct").put("k", "c2VjcmV0")))
                .hasMessage("holds no public key for signatures among its 1");
        assertThatThrownBy(() -> parse(new JsonObject().put("keys", 7))).hasMessage("holds no list of keys");
    }

    @Test
    void tells_whether_there_has_ever_been_a_set() {
        jwks.keys();
        flights.get(0).fail("down");
        assertThat(jwks.hasKeys()).isFalse();
        pass(5);
        jwks.keys();
        flights.get(1).complete(one);
        assertThat(jwks.hasKeys()).isTrue();
        pass(600);
        jwks.keys();
        flights.get(2).fail("down");
        assertThat(jwks.hasKeys()).isTrue();
    }
}
