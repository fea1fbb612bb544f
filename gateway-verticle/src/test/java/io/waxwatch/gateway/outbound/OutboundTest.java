package io.waxwatch.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.sqlclient.Row;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboundTest {

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("EBAY_CAMPAIGN_ID", "123"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static UUID listing(String provider, String url) {
        UUID id = UUID.randomUUID();
        gateway.sql(
                "INSERT INTO listings (id, provider, external_id, url, title, price, currency, status, first_seen_at,"
                        + " last_seen_at) VALUES ($1, $2::text::provider_enum, $3, $4, 'Ege Bamyasi', 20, 'USD', 'active',"
                        + " now(), now())",
                id,
                provider,
                id.toString(),
                url);
        return id;
    }

    private static String path(UUID listing) {
        return "/api/outbound/ebay/" + listing;
    }

    @Test
    void leads_to_the_listing_and_remembers_who_went_there() {
        User ann = gateway.user();
        UUID listing = listing("ebay", "https://www.ebay.com/itm/1");

        Reply away = new Reply(TestNode.await(gateway.request(HttpMethod.GET, path(listing))
                .putHeader("authorization", "Bearer " + ann.token)
                .putHeader("referer", "https://waxwatch.example/alerts" + "x".repeat(3000))
                .send()));

        assertThat(away.status()).isEqualTo(307);
        assertThat(away.header("location"))
                .isEqualTo(
                        "https://www.ebay.com/itm/1?mkevt=1&mkcid=1&mkrid=711-53200-19255-0&campid=123&toolid=10001");
        assertThat(away.http().bodyAsString()).isNullOrEmpty();
        Row click = gateway.sql(
                        "SELECT user_id, provider::text, referrer FROM outbound_clicks WHERE listing_id = $1", listing)
                .iterator()
                .next();
        assertThat(click.getUUID(0)).isEqualTo(ann.id);
        assertThat(click.getString(1)).isEqualTo("ebay");
        assertThat(click.getString(2))
                .startsWith("https://waxwatch.example/alerts")
                .hasSize(2000);

        gateway.user().get(path(listing));
        assertThat(gateway.count(
                        "SELECT count(*) FROM outbound_clicks WHERE listing_id = $1 AND referrer IS NULL", listing))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ebay, '', listing destination unavailable",
        "ebay, https://ebay.com.evil.example/itm/1, listing destination unavailable",
        "ebay, javascript:alert(1), listing destination unavailable",
        "discogs, https://www.ebay.com/itm/1, listing not found"
    })
    void leads_nowhere_else_and_then_remembers_nothing(String provider, String url, String message) {
        UUID listing = listing(provider, url);
        Reply refused = gateway.user().get(path(listing));
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.message()).isEqualTo(message);
        assertThat(gateway.count("SELECT count(*) FROM outbound_clicks WHERE listing_id = $1", listing))
                .isZero();
    }

    @Test
    void an_unknown_listing_leads_nowhere() {
        User ann = gateway.user();
        assertThat(ann.get(path(UUID.randomUUID())).message()).isEqualTo("listing not found");
        assertThat(ann.get("/api/outbound/ebay/x").status()).isEqualTo(422);
        assertThat(gateway.anonymous(HttpMethod.GET, path(UUID.randomUUID())).status())
                .isEqualTo(401);
    }
}
