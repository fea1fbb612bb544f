package io.waxwatch.provider.ebay.accountdeletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.BusMessage.EbayNotificationTaken;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.provider.polls.RunningProvider;
import io.waxwatch.sandbox.notification.SignedNotifications.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** eBay's notifications as a provider takes them, with keys from the sandbox, and with vectors that eBay's own kit judged. */
class AccountDeletionsTest {

    private static RunningProvider provider;
    private static UUID user;

    @BeforeAll
    static void start() throws IOException {
        provider = RunningProvider.start(Map.of("EBAY_TIMEOUT_SECONDS", "10"));
        user = provider.node.user("collector@example.com");
        vectors().getJsonArray("keys").forEach(each -> {
            JsonObject key = (JsonObject) each;
            provider.notificationKey(
                    key.getString("kid"), key.getJsonObject("response").getString("key"));
        });
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    @BeforeEach
    void empty() {
        sql("TRUNCATE listings, events, quarantined_rows, account_deletions CASCADE");
    }

    private static JsonObject vectors() throws IOException {
        try (InputStream in = AccountDeletionsTest.class.getResourceAsStream("notifications.json")) {
            return new JsonObject(Buffer.buffer(in.readAllBytes()));
        }
    }

    static java.util.stream.Stream<Arguments> notifications() throws IOException {
        return vectors().getJsonArray("notifications").stream()
                .map(JsonObject.class::cast)
                .map(each -> Arguments.of(
                        each.getString("name"), each.getString("body"), each.getString("header"), expected(each)));
    }

    /** What we answer, which is stricter or milder than eBay's kit in two ways: see docs/EBAY.md. */
    private static String expected(JsonObject vector) {
        return switch (vector.getString("name")) {
            case "unknown kid" -> "unavailable";
            case "well signed, topic nobody handles", "well signed, no metadata" ->
                EbayNotificationTaken.NOT_UNDERSTOOD;
            case "body with white space, signature over the bytes sent" -> EbayNotificationTaken.DONE;
            default ->
                vector.getInteger("sdkStatus") == 204
                        ? EbayNotificationTaken.DONE
                        : EbayNotificationTaken.BAD_SIGNATURE;
        };
    }

    private static void sql(String sql, Object... parameters) {
        TestNode.await(provider.node.database().query(sql, Tuple.from(parameters)));
    }

    private static long count(String sql, Object... parameters) {
        return provider.count(sql, parameters);
    }

    private static String take(String body, String header) {
        var notification =
                new EbayNotification(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)), header);
        return TestNode.await(provider.node.node().bus().ask(Topics.EBAY_NOTIFICATION, notification))
                .outcome();
    }

    private static String take(Signed signed) {
        return take(signed.body(), signed.header());
    }

    private static Signed closed(String name, String id) {
        return provider.closedAccount(name, id);
    }

    private static UUID listing(String marketplace, String seller) {
        UUID id = UUID.randomUUID();
        sql("""
                INSERT INTO listings (id, provider, external_id, url, title, price, currency, seller, status, first_seen_at,
                                      last_seen_at, raw)
                VALUES ($1, $2::text::provider_enum, $3, 'https://example.com', 'A record', 10, 'USD', $4, 'active', now(),
                        now(), jsonb_build_object('seller', jsonb_build_object('username', $4::text), 'title', 'A record'))
                """, id, marketplace, id.toString(), seller);
        return id;
    }

    private static void event(UUID listing, String marketplace, String seller) {
        sql("""
                INSERT INTO events (id, user_id, type, listing_id, payload, created_at)
                VALUES (gen_random_uuid(), $1, 'NEW_MATCH', $2,
                        jsonb_build_object('seller', $4::text, 'provider', $3::text, 'listing_title', 'A record'), now())
                """, user, listing, marketplace, seller);
    }

    private static void quarantined(String subject, String seller) {
        sql("""
                INSERT INTO quarantined_rows (source, subject, reason, body, times, first_seen_at, last_seen_at)
                VALUES ('listing', $1, 'no', $2, 1, now(), now())
                """, subject, "{\"seller\":{\"username\":\"" + seller + "\"}}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notifications")
    void each_vector_is_judged(String name, String body, String header, String expected) {
        if (expected.equals("unavailable")) {
            Failure failure = (Failure) catchThrowable(() -> take(body, header));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        } else {
            assertThat(take(body, header)).isEqualTo(expected);
        }
        assertThat(count("SELECT count(*) FROM account_deletions"))
                .isEqualTo(expected.equals(EbayNotificationTaken.DONE) ? 1 : 0);
    }

    @Test
    void everything_that_names_the_seller_is_forgotten_and_nothing_else() {
        UUID theirs = listing("ebay", "LP.Hunter");
        UUID byId = listing("ebay", "WQ3bTz0aRk1");
        UUID others = listing("ebay", "lp.hunter2");
        UUID elsewhere = listing("discogs", "lp.hunter");
        event(theirs, "ebay", "LP.Hunter");
        event(others, "ebay", "lp.hunter2");
        event(elsewhere, "discogs", "lp.hunter");
        quarantined("ebay v1|1|0", "lp.hunter");
        quarantined("ebay v1|2|0", "lp.hunter2");
        quarantined("discogs 3", "lp.hunter");

        assertThat(take(closed("lp.hunter", "WQ3bTz0aRk1"))).isEqualTo(EbayNotificationTaken.DONE);

        assertThat(count(
                        "SELECT count(*) FROM listings WHERE id = ANY($1) AND seller IS NULL AND raw = '{\"title\": \"A record\"}'",
                        (Object) new UUID[] {theirs, byId}))
                .isEqualTo(2);
        assertThat(count(
                        "SELECT count(*) FROM listings WHERE id = ANY($1) AND seller IS NOT NULL AND raw ? 'seller'",
                        (Object) new UUID[] {others, elsewhere}))
                .isEqualTo(2);
        assertThat(count(
                        "SELECT count(*) FROM events WHERE listing_id = $1 AND payload ->> 'listing_title' = 'A record'"
                                + " AND NOT payload ? 'seller'",
                        theirs))
                .isEqualTo(1);
        assertThat(count("SELECT count(*) FROM events WHERE payload ? 'seller'"))
                .isEqualTo(2);
        assertThat(count("SELECT count(*) FROM quarantined_rows WHERE subject = 'ebay v1|1|0'"))
                .isZero();
        assertThat(count("SELECT count(*) FROM quarantined_rows")).isEqualTo(2);
    }

    @Test
    void a_notification_that_comes_again_changes_nothing() {
        Signed signed = closed("lp.hunter", "WQ3bTz0aRk1");
        listing("ebay", "lp.hunter");
        assertThat(take(signed)).isEqualTo(EbayNotificationTaken.DONE);
        // The name is given to somebody else afterwards.
        listing("ebay", "lp.hunter");

        assertThat(take(signed)).isEqualTo(EbayNotificationTaken.DONE);

        assertThat(count("SELECT count(*) FROM listings WHERE seller = 'lp.hunter'"))
                .isEqualTo(1);
        assertThat(count("SELECT count(*) FROM account_deletions")).isEqualTo(1);
    }

    @Test
    void a_forged_notification_erases_nothing() {
        listing("ebay", "lp.hunter");
        Signed signed = closed("somebody", "X");

        assertThat(take(signed.body().replace("somebody", "lp.hunter"), signed.header()))
                .isEqualTo(EbayNotificationTaken.BAD_SIGNATURE);

        assertThat(count("SELECT count(*) FROM listings WHERE seller = 'lp.hunter'"))
                .isEqualTo(1);
    }

    @Test
    void an_erasure_that_fails_half_way_is_not_remembered() {
        listing("ebay", "lp.hunter");
        Signed signed = closed("lp.hunter", "X");
        sql("ALTER TABLE quarantined_rows RENAME TO away");
        try {
            assertThat(catchThrowable(() -> take(signed))).isInstanceOf(Failure.class);
            assertThat(count("SELECT count(*) FROM listings WHERE seller = 'lp.hunter'"))
                    .isEqualTo(1);
        } finally {
            sql("ALTER TABLE away RENAME TO quarantined_rows");
        }

        assertThat(take(signed)).isEqualTo(EbayNotificationTaken.DONE);

        assertThat(count("SELECT count(*) FROM listings WHERE seller IS NOT NULL"))
                .isZero();
    }
}
