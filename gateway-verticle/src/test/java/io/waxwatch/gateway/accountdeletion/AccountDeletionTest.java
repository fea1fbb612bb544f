package io.waxwatch.gateway.accountdeletion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.BusMessage.EbayNotificationTaken;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The edge to which eBay tells of closed accounts; who judges and erases is a provider process, here scripted. */
class AccountDeletionTest {

    private static final String PATH = "/api/ebay/account-deletion";
    private static final String TOKEN = "waxwatch-verification-token-0123456789abcdef";
    private static final Map<String, String> SET_UP = Map.of(
            "EBAY_DELETION_VERIFICATION_TOKEN", TOKEN, "EBAY_DELETION_ENDPOINT_URL", "https://waxwatch.example" + PATH);

    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    static Stream<Arguments> challenges() throws IOException {
        try (InputStream in = AccountDeletionTest.class.getResourceAsStream("challenges.json")) {
            return new JsonObject(Buffer.buffer(in.readAllBytes()))
                    .getJsonArray("challenges").stream()
                            .map(JsonObject.class::cast)
                            .map(each -> Arguments.of(
                                    each.getString("challengeCode"),
                                    each.getString("verificationToken"),
                                    each.getString("endpoint"),
                                    each.getString("challengeResponse")));
        }
    }

    private Reply post(Buffer body, String signature) {
        var request = gateway.request(HttpMethod.POST, PATH).putHeader("content-type", "application/json");
        if (signature != null) {
            request.putHeader("x-ebay-signature", signature);
        }
        return new Reply(TestNode.await(request.sendBuffer(body)));
    }

    private void provider(java.util.function.Function<EbayNotification, Future<EbayNotificationTaken>> answer) {
        Bus bus = gateway.node().bus();
        TestNode.await(bus.serve(Topics.EBAY_NOTIFICATION, answer));
    }

    @ParameterizedTest
    @MethodSource("challenges")
    void the_challenge_is_answered_as_ebay_computes_it(String code, String token, String url, String answer) {
        gateway =
                TestGateway.start(Map.of("EBAY_DELETION_VERIFICATION_TOKEN", token, "EBAY_DELETION_ENDPOINT_URL", url));

        Reply reply = gateway.anonymous(
                HttpMethod.GET, PATH + "?challenge_code=" + URLEncoder.encode(code, StandardCharsets.UTF_8));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.json()).isEqualTo(new JsonObject().put("challengeResponse", answer));
    }

    @Test
    void a_challenge_without_a_code_or_with_an_endless_one_is_refused() {
        gateway = TestGateway.start(SET_UP);

        assertThat(gateway.anonymous(HttpMethod.GET, PATH).status()).isEqualTo(422);
        assertThat(gateway.anonymous(HttpMethod.GET, PATH + "?challenge_code=").status())
                .isEqualTo(422);
        assertThat(gateway.anonymous(HttpMethod.GET, PATH + "?challenge_code=" + "x".repeat(201))
                        .status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource({"EBAY_DELETION_VERIFICATION_TOKEN", "EBAY_DELETION_ENDPOINT_URL"})
    void without_its_settings_the_endpoint_is_off_and_says_which_is_missing(String missing) {
        var settings = new java.util.HashMap<>(SET_UP);
        settings.remove(missing);
        gateway = TestGateway.start(settings);
        var asked = new CopyOnWriteArrayList<EbayNotification>();
        provider(notification -> {
            asked.add(notification);
            return Future.succeededFuture(new EbayNotificationTaken(EbayNotificationTaken.DONE));
        });

        Reply challenge = gateway.anonymous(HttpMethod.GET, PATH + "?challenge_code=x");
        Reply notification = post(Buffer.buffer("{}"), "e30=");

        String name = missing.toLowerCase(java.util.Locale.ROOT);
        assertThat(challenge.status()).isEqualTo(503);
        assertThat(challenge.message()).endsWith("missing required config: " + name);
        assertThat(notification.status()).isEqualTo(503);
        assertThat(notification.message()).endsWith(name);
        assertThat(asked).isEmpty();
    }

    @Test
    void the_bytes_and_the_signature_reach_the_judge_as_they_came() {
        gateway = TestGateway.start(SET_UP);
        var asked = new CopyOnWriteArrayList<EbayNotification>();
        provider(notification -> {
            asked.add(notification);
            return Future.succeededFuture(new EbayNotificationTaken(EbayNotificationTaken.DONE));
        });
        // White space, and bytes that are no UTF-8: whoever decoded them on the way could not restore them.
        Buffer body = Buffer.buffer("{ \"a\":\r\n \"").appendByte((byte) 0xff).appendString("\" }");

        Reply reply = post(body, "c2lnbmF0dXJl");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.http().body()).isNull();
        assertThat(asked).hasSize(1);
        assertThat(Base64.getDecoder().decode(asked.get(0).body())).isEqualTo(body.getBytes());
        assertThat(asked.get(0).signature()).isEqualTo("c2lnbmF0dXJl");

        post(body, null);
        assertThat(asked.get(1).signature()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"done, 204", "bad_signature, 412", "not_understood, 422"})
    void the_verdict_becomes_the_status(String outcome, int status) {
        gateway = TestGateway.start(SET_UP);
        provider(notification -> Future.succeededFuture(new EbayNotificationTaken(outcome)));

        assertThat(post(Buffer.buffer("{}"), "e30=").status()).isEqualTo(status);
    }

    @Test
    void whoever_cannot_be_judged_now_is_told_to_come_again() {
        gateway = TestGateway.start(SET_UP);
        assertThat(post(Buffer.buffer("{}"), "e30=").status()).as("no provider").isEqualTo(503);
        provider(notification ->
                Future.failedFuture(new Failure(FailureKind.UNAVAILABLE, "eBay's key cannot be fetched right now")));

        Reply reply = post(Buffer.buffer("{}"), "e30=");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.message()).isEqualTo("eBay's key cannot be fetched right now");
        assertThat(reply.header("retry-after")).isNotNull();
    }

    @Test
    void bodies_are_bounded_and_an_address_is_throttled_in_a_budget_of_its_own() {
        var settings = new java.util.HashMap<>(SET_UP);
        settings.put("RATE_LIMIT_ENABLED", "true");
        settings.put("RATE_LIMIT_EBAY_NOTIFICATIONS_RPM", "1");
        settings.put("RATE_LIMIT_EBAY_NOTIFICATIONS_BURST", "1");
        gateway = TestGateway.start(settings);
        provider(
                notification -> Future.succeededFuture(new EbayNotificationTaken(EbayNotificationTaken.BAD_SIGNATURE)));

        assertThat(post(Buffer.buffer(new byte[64 * 1024 + 1]), "e30=").status())
                .isEqualTo(413);
        assertThat(post(Buffer.buffer("{}"), "e30=").status()).isEqualTo(412);
        assertThat(post(Buffer.buffer("{}"), "e30=").status()).isEqualTo(412);
        Reply refused = post(Buffer.buffer("{}"), "e30=");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getJsonObject("details").getString("scope")).isEqualTo("ebay_notifications");
        assertThat(gateway.anonymous(HttpMethod.GET, "/api/nothing").status())
                .as("what else comes from there")
                .isEqualTo(404);
    }
}
