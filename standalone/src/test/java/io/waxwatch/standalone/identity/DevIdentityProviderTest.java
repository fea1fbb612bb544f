package io.waxwatch.standalone.identity;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevIdentityProviderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID ANA = UUID.fromString("6f1b2f0e-5a55-4f5c-9c38-0a7c1f6f2d11");
    private static final DevIdentityProvider.Account ACCOUNT =
            new DevIdentityProvider.Account(ANA, "ana@example.com", "dusty grooves");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Vertx vertx;
    private DevIdentityProvider provider;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        provider = provider(0);
        provider.start().await(20, SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        provider.close().await(5, SECONDS);
        vertx.close().await(5, SECONDS);
    }

    @Test
    void issues_tokens_that_the_published_keys_verify() throws Exception {
        SignedJWT token = SignedJWT.parse(
                provider.issueToken(ANA, "ana@example.com", Duration.ofHours(1), Map.of("plan", "collector")));

        assertThat(verifies(token, provider.jwksUrl())).isTrue();
        assertThat(verifies(token, provider.baseUrl() + "/.well-known/jwks.json"))
                .isTrue();
        JWTClaimsSet claims = token.getJWTClaimsSet();
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
        assertThat(claims.getIssuer()).isEqualTo(provider.baseUrl() + "/auth/v1");
        assertThat(claims.getSubject()).isEqualTo(ANA.toString());
        assertThat(claims.getAudience()).containsExactly("authenticated");
        assertThat(claims.getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(3600)));
        assertThat(claims.getStringClaim("plan")).isEqualTo("collector");
    }

    @Test
    void refuses_a_key_file_that_it_cannot_sign_with() throws Exception {
        JsonObject broken = new JsonObject(Files.readString(folder.resolve("key.json"))).put("n", "?");
        Files.writeString(folder.resolve("other.json"), broken.encode());
        Files.writeString(folder.resolve("third.json"), "{}");
        for (String name : List.of("other.json", "third.json")) {
            var other = new DevIdentityProvider(
                    vertx,
                    new DevIdentityProvider.Options(folder.resolve(name), 0, Duration.ofHours(1)),
                    List.of(ACCOUNT),
                    Clock.systemUTC());
            assertThatThrownBy(() -> other.start().await(10, SECONDS))
                    .hasMessageContaining(name + " holds no readable key");
        }
    }

    @Test
    void never_publishes_the_private_half_and_keeps_it_for_the_owner() throws Exception {
        String jwks = get(provider.jwksUrl()).body();

        assertThat(JWKSet.parse(jwks).getKeys()).singleElement().matches(key -> !key.isPrivate());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void tokens_outlive_a_restart_on_the_same_port() throws Exception {
        SignedJWT token = SignedJWT.parse(provider.issueToken(ANA, "ana@example.com", Duration.ofHours(1)));
        int port = URI.create(provider.baseUrl()).getPort();
        provider.close().await(5, SECONDS);

        provider = provider(port);
        provider.start().await(20, SECONDS);

        assertThat(verifies(token, provider.jwksUrl())).isTrue();
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(provider.issuer());
    }

    @Test
    void describes_itself_by_discovery() throws Exception {
        JsonObject document = new JsonObject(
                get(provider.issuer() + "/.well-known/openid-configuration").body());

        assertThat(document.getString("issuer")).isEqualTo(provider.issuer());
        assertThat(document.getString("jwks_uri")).isEqualTo(provider.jwksUrl());
        assertThat(document.getString("token_endpoint")).isEqualTo(provider.issuer() + "/token");
    }

    @Test
    void grants_a_token_for_the_password_as_supabase_and_as_oauth_do() throws Exception {
        HttpResponse<String> supabase = post(
                "/auth/v1/token?grant_type=password",
                "application/json",
                "{\"email\":\"ana@example.com\",\"password\":\"dusty grooves\"}");
        HttpResponse<String> oauth = post(
                "/token",
                "application/x-www-form-urlencoded",
                "grant_type=password&username=ana%40example.com&password=dusty+grooves");

        for (HttpResponse<String> answer : List.of(supabase, oauth)) {
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonObject grant = new JsonObject(answer.body());
            assertThat(grant.getString("token_type")).isEqualTo("bearer");
            assertThat(grant.getLong("expires_in")).isEqualTo(3600);
            assertThat(verifies(SignedJWT.parse(grant.getString("access_token")), provider.jwksUrl()))
                    .isTrue();
        }
    }

    @Test
    void a_refresh_token_is_good_once() throws Exception {
        JsonObject granted = new JsonObject(post(
                        "/auth/v1/token?grant_type=password",
                        "application/json",
                        "{\"email\":\"ana@example.com\",\"password\":\"dusty grooves\"}")
                .body());
        String form = "grant_type=refresh_token&refresh_token=" + granted.getString("refresh_token");

        HttpResponse<String> renewed = post("/auth/v1/token", "application/x-www-form-urlencoded", form);
        HttpResponse<String> again = post("/auth/v1/token", "application/x-www-form-urlencoded", form);

        assertThat(renewed.statusCode()).isEqualTo(200);
        JsonObject grant = new JsonObject(renewed.body());
        assertThat(SignedJWT.parse(grant.getString("access_token"))
                        .getJWTClaimsSet()
                        .getSubject())
                .isEqualTo(ANA.toString());
        assertThat(grant.getString("refresh_token")).isNotEqualTo(granted.getString("refresh_token"));
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("invalid_grant");
    }

    @Test
    void refuses_what_it_should() throws Exception {
        assertThat(post(
                        "/token?grant_type=password",
                        "application/json",
                        "{\"email\":\"ana@example.com\",\"password\":\"x\"}"))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(400))
                .satisfies(answer -> assertThat(answer.body()).contains("invalid_grant"));
        assertThat(post("/token", "application/json", "{\"grant_type\":\"magic\"}")
                        .body())
                .contains("unsupported_grant_type");
        assertThat(post("/token?grant_type=password", "application/json", "{nope")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/token?grant_type=password", "application/json", "[1]").statusCode())
                .isEqualTo(400);
        assertThat(post("/token", "application/x-www-form-urlencoded", "x=" + "y".repeat(20_000))
                        .statusCode())
                .isEqualTo(413);
        assertThat(get(provider.baseUrl() + "/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void says_that_its_port_is_taken() throws Exception {
        try (ServerSocket taken = new ServerSocket(Ports.free(), 1, InetAddress.getLoopbackAddress())) {
            DevIdentityProvider second = provider(taken.getLocalPort());
            assertThatThrownBy(() -> second.start().await(20, SECONDS))
                    .isInstanceOf(PartFailedException.class)
                    .hasMessageContaining("already taken");
        }
    }

    private DevIdentityProvider provider(int port) {
        return new DevIdentityProvider(
                vertx,
                new DevIdentityProvider.Options(folder.resolve("key.json"), port, Duration.ofHours(1)),
                List.of(ACCOUNT),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private boolean verifies(SignedJWT token, String jwksUrl) throws Exception {
        JWK key = JWKSet.parse(get(jwksUrl).body())
                .getKeyByKeyId(token.getHeader().getKeyID());
        return token.verify(new RSASSAVerifier(key.toRSAKey()));
    }

    private HttpResponse<String> get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(provider.baseUrl() + path))
                        .header("content-type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
