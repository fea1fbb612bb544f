package io.waxwatch.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.testing.TestNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A token issuer over real HTTP, which can rotate its keys, fail, answer rubbish, or not answer. */
public final class TestIssuer {

    public enum Mood {
        WELL,
        NOT_FOUND,
        FAILING,
        RUBBISH,
        EMPTY,
        SILENT
    }

    /** Made once: an RSA key takes a while. */
    public static final RSAKey FIRST = key("first");

    public static final RSAKey SECOND = key("second");

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;
    private volatile List<? extends JWK> keys = List.of(FIRST);
    private volatile Mood keysMood;
    private volatile UnaryOperator<JWTClaimsSet.Builder> claimsOfGrants = UnaryOperator.identity();
    private final Map<String, UUID> accounts = new ConcurrentHashMap<>();
    private final Map<UUID, String> emails = new ConcurrentHashMap<>();
    private final Map<String, UUID> refreshTokens = new ConcurrentHashMap<>();
    private final AtomicInteger refreshes = new AtomicInteger();
    private volatile Refusal refusal;
    private final AtomicInteger tokenRequests = new AtomicInteger();
    private volatile Future<Void> tokensAnsweredAfter = Future.succeededFuture();
    private volatile Duration tokenLifetime = Duration.ofHours(1);
    private volatile RSAKey signer = FIRST;
    private volatile Duration late = Duration.ZERO;
    private final AtomicInteger passwords = new AtomicInteger();
    private volatile String lastForm;

    public TestIssuer(Vertx vertx) {
        server = TestNode.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.path().endsWith("/token") && mood == Mood.WELL) {
                        tokenRequests.incrementAndGet();
                        request.body()
                                .compose(body -> tokensAnsweredAfter.map(body))
                                .onSuccess(body -> grant(request, body.toString()));
                        return;
                    }
                    fetches.incrementAndGet();
                    switch (keysMood == null ? mood : keysMood) {
                        case WELL ->
                            request.response()
                                    .end(new JWKSet(List.copyOf(keys))
                                            .toPublicJWKSet()
                                            .toString());
                        case NOT_FOUND -> request.response().setStatusCode(404).end("{}");
                        case FAILING -> request.response().setStatusCode(500).end("{}");
                        case RUBBISH -> request.response().end("{\"keys\": 7}");
                        case EMPTY -> request.response().end("{\"keys\": []}");
                        case SILENT -> {}
                    }
                })
                .listen(0, "127.0.0.1"));
    }

    /** Somebody who may sign in with a password. */
    public UUID account(String email, String password) {
        UUID id = UUID.randomUUID();
        accounts.put(email + ' ' + password, id);
        emails.put(id, email);
        return id;
    }

    public void tokenLifetime(Duration lifetime) {
        tokenLifetime = lifetime;
    }

    public void signTokensWith(RSAKey key) {
        signer = key;
    }

    /** How far its clock is behind, when it tells when it issued a token. */
    public void clockIsLate(Duration by) {
        late = by;
    }

    /** How often somebody has signed in with a password. */
    public int passwords() {
        return passwords.get();
    }

    public void forgetRefreshTokens() {
        refreshTokens.clear();
    }

    /** What everybody who asks for tokens is told, whatever they bring. */
    public record Refusal(int status, String body) {}

    /** Null for giving tokens again. */
    public void refuseTokens(Refusal answer) {
        refusal = answer;
    }

    /** Has who asks for tokens wait for that. */
    public void answerTokensAfter(Future<Void> moment) {
        tokensAnsweredAfter = moment;
    }

    /** Those that wait included. */
    public int tokenRequests() {
        return tokenRequests.get();
    }

    public int refreshes() {
        return refreshes.get();
    }

    public String lastForm() {
        return lastForm;
    }

    /** Both forms of both grants; a refresh token is good once. */
    private void grant(HttpServerRequest request, String body) {
        Refusal told = refusal;
        if (told != null) {
            request.response().setStatusCode(told.status()).end(told.body());
            return;
        }
        Map<String, String> fields = new HashMap<>();
        if (body.startsWith("{")) {
            new JsonObject(body).forEach(field -> fields.put(field.getKey(), (String) field.getValue()));
        } else {
            lastForm = body;
            for (String field : body.split("&")) {
                String[] pair = field.split("=", 2);
                fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        String email = fields.getOrDefault("email", fields.getOrDefault("username", ""));
        UUID subject = accounts.get(email.toLowerCase(Locale.ROOT) + ' ' + fields.get("password"));
        if (fields.containsKey("refresh_token")) {
            refreshes.incrementAndGet();
            subject = refreshTokens.remove(fields.get("refresh_token"));
        } else {
            passwords.incrementAndGet();
        }
        if (subject == null) {
            request.response().setStatusCode(400).end("{\"error\": \"invalid_grant\"}");
            return;
        }
        String refresh = UUID.randomUUID().toString();
        refreshTokens.put(refresh, subject);
        String access = sign(
                claimsOfGrants
                        .apply(claims(subject)
                                .claim("email", emails.get(subject))
                                .expirationTime(in(tokenLifetime)))
                        .build(),
                signer);
        request.response()
                .end(new JsonObject()
                        .put("access_token", access)
                        .put("refresh_token", refresh)
                        .encode());
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/auth/v1";
    }

    public int fetches() {
        return fetches.get();
    }

    public void mood(Mood next) {
        mood = next;
    }

    /** The key set alone, whatever the tokens' mood is; null for the same. */
    public void keysMood(Mood next) {
        keysMood = next;
    }

    public void publish(JWK... published) {
        keys = List.of(published);
    }

    /** What the tokens that somebody asks for say beside the usual. */
    public void grantWith(UnaryOperator<JWTClaimsSet.Builder> more) {
        claimsOfGrants = more;
    }

    /** A good token of an hour. */
    public String token(UUID subject) {
        return sign(claims(subject).build());
    }

    public JWTClaimsSet.Builder claims(UUID subject) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience("authenticated")
                .subject(subject.toString())
                .issueTime(Date.from(Instant.now().minus(late)))
                .expirationTime(in(Duration.ofHours(1)));
    }

    public static Date in(Duration time) {
        return Date.from(Instant.now().plus(time));
    }

    public static String sign(JWTClaimsSet claims) {
        return sign(claims, FIRST);
    }

    public static String sign(JWTClaimsSet claims, RSAKey key) {
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

    public static String sign(JWTClaimsSet claims, JWSHeader header, JWSSigner signer) {
        try {
            var token = new SignedJWT(header, claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
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
