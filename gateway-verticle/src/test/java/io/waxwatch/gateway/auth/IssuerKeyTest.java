package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerKeyTest {

    private static final Vertx vertx = Vertx.vertx();
    private static final JWTOptions RULES =
            new JWTOptions().setIssuer("https://issuer.example").addAudience("authenticated");

    private static final RSAKey RSA = TestIssuer.FIRST;

    @AfterAll
    static void close() {
        TestNode.await(vertx.close());
    }

    private static Optional<IssuerKey> key(JsonObject json) {
        return IssuerKey.of(vertx, json, RULES);
    }

    private static IssuerKey key(JWK jwk) {
        return key(json(jwk)).orElseThrow();
    }

    private static JsonObject json(JWK jwk) {
        return new JsonObject(jwk.toPublicJWK().toJSONString());
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience("authenticated")
                .subject("ann");
    }

    private static String sign(String algorithm, JWSSigner signer) {
        return TestIssuer.sign(claims().build(), new JWSHeader(JWSAlgorithm.parse(algorithm)), signer);
    }

    private static Verdict judge(IssuerKey key, String token) {
        return TestNode.await(key.judge(Token.parse(token)));
    }

    private static void refuses(IssuerKey key, String token) {
        assertThat(judge(key, token)).isInstanceOf(Verdict.NotSigned.class);
    }

    private static String withSignature(String token, byte[] signature) {
        return token.substring(0, token.lastIndexOf('.') + 1) + Base64URL.encode(signature);
    }

    private static byte[] signatureOf(String token) {
        return Token.parse(token).signature();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void an_rsa_key_verifies_all_of_its_algorithms(String algorithm) throws JOSEException {
        String token = sign(algorithm, new RSASSASigner(RSA));
        assertThat(judge(key(RSA), token))
                .isInstanceOfSatisfying(
                        Verdict.Accepted.class,
                        accepted ->
                                assertThat(accepted.claims().getString("sub")).isEqualTo("ann"));
        refuses(key(TestIssuer.SECOND), token);
        byte[] bent = signatureOf(token);
        bent[7] ^= 1;
        refuses(key(RSA), withSignature(token, bent));
        refuses(key(RSA), withSignature(token, Arrays.copyOf(bent, 255)));
        refuses(key(RSA), withSignature(token, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512"})
    void a_key_on_a_curve_verifies_the_one_form_of_the_algorithm_of_its_curve(String algorithm) throws JOSEException {
        Curve curve =
                Curve.forJWSAlgorithm(JWSAlgorithm.parse(algorithm)).iterator().next();
        ECKey jwk = new ECKeyGenerator(curve).generate();
        IssuerKey key = key(jwk);
        assertThat(key.fits(algorithm)).isTrue();
        assertThat(key.fits("RS256")).isFalse();
        assertThat(key.fits(algorithm.equals("ES256") ? "ES384" : "ES256")).isFalse();
        String token = sign(algorithm, new ECDSASigner(jwk));
        assertThat(judge(key, token)).isInstanceOf(Verdict.Accepted.class);
        byte[] signature = signatureOf(token);
        refuses(key, withSignature(token, new byte[signature.length]));
        refuses(key, withSignature(token, ECDSA.transcodeSignatureToDER(signature)));
        refuses(key, withSignature(token, Arrays.copyOf(signature, signature.length - 1)));
        signature[3] ^= 1;
        refuses(key, withSignature(token, signature));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EdDSA", "Ed25519"})
    void a_key_on_the_edwards_curve_verifies_by_both_names(String name) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        var jwk = new JsonObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put(
                        "x",
                        Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length))
                                .toString());
        IssuerKey key = key(jwk).orElseThrow();
        String token = ed25519(pair, name, claims().build().toString());
        assertThat(judge(key, token)).isInstanceOf(Verdict.Accepted.class);
        byte[] signature = signatureOf(token);
        signature[3] ^= 1;
        refuses(key, withSignature(token, signature));
        refuses(key, withSignature(token, new byte[63]));
        assertThat(judge(key, ed25519(pair, name, "no JSON"))).isInstanceOf(Verdict.Refused.class);
    }

    private static String ed25519(KeyPair pair, String algorithm, String claims) throws GeneralSecurityException {
        String signed = Base64URL.encode("{\"alg\":\"" + algorithm + "\"}") + "." + Base64URL.encode(claims);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64URL.encode(signature.sign());
    }

    @Test
    void what_it_signed_for_others_is_refused_and_not_taken_for_another_keys() throws JOSEException {
        IssuerKey key = key(RSA);
        for (JWTClaimsSet claims : new JWTClaimsSet[] {
            claims().audience("others").build(),
            claims().issuer("https://other.example").build(),
            claims().audience((String) null).claim("aud", 7).build(),
            claims().claim("exp", "tomorrow").build(),
            claims().claim("exp", 1).build()
        }) {
            String token = TestIssuer.sign(claims, new JWSHeader(JWSAlgorithm.RS256), new RSASSASigner(RSA));
            assertThat(judge(key, token)).as(claims.toString()).isInstanceOf(Verdict.Refused.class);
        }
    }

    @Test
    void a_key_that_the_issuer_names_an_algorithm_for_verifies_that_one() throws JOSEException {
        IssuerKey key = key(json(RSA).put("alg", "PS256")).orElseThrow();
        assertThat(key.fits("PS256")).isTrue();
        assertThat(key.fits("RS256")).isFalse();
        assertThat(judge(key, sign("PS256", new RSASSASigner(RSA)))).isInstanceOf(Verdict.Accepted.class);
        assertThat(key(json(RSA).put("alg", "RSA-OAEP")).orElseThrow().fits("RS256"))
                .isFalse();
    }

    /** The library takes what is unsigned for good where it could load no key: so no such key may be kept. */
    @Test
    void a_broken_key_is_no_key() throws JOSEException {
        JsonObject curve = json(new ECKeyGenerator(Curve.P_256).generate());
        for (JsonObject broken : new JsonObject[] {
            json(RSA).put("n", "?"),
            json(RSA).put("e", "?"),
            json(RSA).putNull("e"),
            json(RSA).put("n", 7),
            json(RSA).put("e", ""),
            json(RSA).put("kid", 7),
            json(new RSAKeyGenerator(1024, true).generate()),
            curve.copy().put("crv", "P-0"),
            curve.copy().put("crv", "Ed25519"),
            curve.copy().put("y", "?"),
            curve.copy().put("kty", "oct"),
            new JsonObject().put("kty", "OKP").put("crv", "Ed25519").put("x", "c2hvcnQ"),
            new JsonObject().put("kty", "OKP").put("crv", "X25519").put("x", "c2hvcnQ"),
            new JsonObject().put("kty", "oct").put("k", "c2VjcmV0"),
            new JsonObject()
        }) {
            assertThat(key(broken)).as(broken.encode()).isEmpty();
        }
    }

    /** Issuers publish them beside the key, expired and signed by nobody. */
    @Test
    void certificates_of_a_key_are_not_asked() throws JOSEException {
        JsonObject json = json(RSA).put("x5c", new io.vertx.core.json.JsonArray().add("bm9uZQ=="));
        assertThat(judge(key(json).orElseThrow(), sign("RS256", new RSASSASigner(RSA))))
                .isInstanceOf(Verdict.Accepted.class);
    }
}
