package io.waxwatch.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A token issuer over real HTTP, which can rotate its keys, fail, answer rubbish, or not answer. */
final class TestIssuer {

    enum Mood {
        WELL,
        FAILING,
        RUBBISH,
        EMPTY,
        SILENT
    }

    /** Made once: an RSA key takes a while. */
    static final RSAKey FIRST = key("first");

    static final RSAKey SECOND = key("second");

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;
    private volatile List<RSAKey> keys = List.of(FIRST);

    TestIssuer(Vertx vertx) {
        server = TestNode.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    switch (mood) {
                        case WELL ->
                            request.response()
                                    .end(new JWKSet(List.copyOf(keys))
                                            .toPublicJWKSet()
                                            .toString());
                        case FAILING -> request.response().setStatusCode(500).end("{}");
                        case RUBBISH -> request.response().end("{\"keys\": 7}");
                        case EMPTY -> request.response().end("{\"keys\": []}");
                        case SILENT -> {}
                    }
                })
                .listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/auth/v1";
    }

    int fetches() {
        return fetches.get();
    }

    void mood(Mood next) {
        mood = next;
    }

    void publish(RSAKey... published) {
        keys = List.of(published);
    }

    /** A good token of an hour. */
    String token(UUID subject) {
        return sign(claims(subject).build());
    }

    JWTClaimsSet.Builder claims(UUID subject) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience("authenticated")
                .subject(subject.toString())
                .issueTime(Date.from(Instant.now()))
                .expirationTime(in(Duration.ofHours(1)));
    }

    static Date in(Duration time) {
        return Date.from(Instant.now().plus(time));
    }

    static String sign(JWTClaimsSet claims) {
        return sign(claims, FIRST);
    }

    static String sign(JWTClaimsSet claims, RSAKey key) {
        try {
            return sign(
                    claims,
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    new RSASSASigner(key));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String sign(JWTClaimsSet claims, JWSHeader header, JWSSigner signer) {
        try {
            var token = new SignedJWT(header, claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
