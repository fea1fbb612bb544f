package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A receiver of eBay's notifications finds the keys at the sandbox, with vectors that eBay's own SDK judged. */
class NotificationTest {

    private RunningSandbox box;

    @BeforeEach
    void start() throws Exception {
        box = new RunningSandbox(SandboxOptions.defaults().withInitialListings(0));
    }

    @AfterEach
    void stop() throws Exception {
        box.close();
    }

    private static JsonObject vectors() throws IOException {
        try (InputStream in = NotificationTest.class.getResourceAsStream("notifications.json")) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Stream<Arguments> notifications() throws IOException {
        return vectors().getJsonArray("notifications").stream()
                .map(JsonObject.class::cast)
                .map(notification -> Arguments.of(
                        notification.getString("name"),
                        notification.getString("body"),
                        notification.getString("header"),
                        notification.getBoolean("valid")));
    }

    /** As a receiver does it: the key by the header's {@code kid}, then the signature over the bytes. */
    private boolean accepts(String body, String header) throws Exception {
        var told = new JsonObject(new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8));
        JsonObject answer = key(told.getString("kid"));
        assertThat(answer.getString("algorithm")).isEqualTo("ECDSA");
        assertThat(answer.getString("digest")).isEqualTo("SHA1");
        assertThat(answer.getString("key")).as("a PEM in one line").doesNotContain("\n");
        Signature signature = Signature.getInstance("SHA1withECDSA");
        signature.initVerify(publicKey(answer.getString("key")));
        signature.update(body.getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getDecoder().decode(told.getString("signature")));
    }

    private JsonObject key(String id) throws Exception {
        var response =
                box.ebay("/commerce/notification/v1/public_key/" + id).send().await(5, SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.bodyAsJsonObject();
    }

    private static PublicKey publicKey(String pem) throws GeneralSecurityException {
        String base64 = pem.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", "");
        return KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notifications")
    void serves_the_keys_of_notifications_that_were_signed_elsewhere(
            String name, String body, String header, boolean valid) throws Exception {
        for (Object key : vectors().getJsonArray("keys")) {
            JsonObject known = (JsonObject) key;
            box.control(
                    HttpMethod.PUT,
                    "/notification-keys/" + known.getString("kid"),
                    new JsonObject().put("key", known.getJsonObject("response").getString("key")));
        }
        assertThat(accepts(body, header)).isEqualTo(valid);
    }

    @Test
    void signs_account_deletions_with_a_key_of_its_own() throws Exception {
        JsonObject signed = box.control(
                HttpMethod.POST, "/account-deletions", new JsonObject().put("username", "plattensammler_zoë"));
        assertThat(accepts(signed.getString("body"), signed.getString("header")))
                .isTrue();
        assertThat(accepts(signed.getString("body").replace("zoë", "zoe"), signed.getString("header")))
                .isFalse();
        JsonObject body = new JsonObject(signed.getString("body"));
        assertThat(body.getJsonObject("metadata").getString("topic")).isEqualTo("MARKETPLACE_ACCOUNT_DELETION");
        assertThat(body.getJsonObject("notification").getString("eventDate")).isEqualTo("2026-05-20T12:00:00.000Z");
    }

    @Test
    void an_unknown_key_is_not_found_and_a_token_is_needed() throws Exception {
        var unknown =
                box.ebay("/commerce/notification/v1/public_key/nobody").send().await(5, SECONDS);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.bodyAsJsonObject()
                        .getJsonArray("errors")
                        .getJsonObject(0)
                        .getInteger("errorId"))
                .isEqualTo(195001);
        assertThat(box.request(HttpMethod.GET, "/commerce/notification/v1/public_key/nobody")
                        .send()
                        .await(5, SECONDS)
                        .statusCode())
                .isEqualTo(403);
    }
}
