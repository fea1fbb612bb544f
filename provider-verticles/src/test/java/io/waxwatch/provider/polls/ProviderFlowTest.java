package io.waxwatch.provider.polls;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKind;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a due poll on the bus to a notification that waits for delivery, on real parts. */
class ProviderFlowTest {

    private RunningProvider provider;
    private UUID user;

    @BeforeEach
    void start() {
        provider = RunningProvider.start(Map.of());
        user = provider.node.user("collector@example.com");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private UUID blueHarbour() {
        UUID rule = provider.rule(
                user,
                "Blue Harbour",
                new JsonObject()
                        .put("keywords", new JsonArray().add("blue harbour"))
                        .put("max_price", 40)
                        .put("currency", "USD"));
        provider.firstLooksDone();
        return rule;
    }

    private void listOne() {
        provider.list(new JsonObject()
                .put("title", "Marlow Quartet - Blue Harbour LP 1963 VG+ Vinyl")
                .put("price", "31.50")
                .put("seller", "lp.hunter"));
    }

    @Test
    void a_due_query_becomes_a_listing_a_price_a_match_an_event_and_its_notifications() {
        UUID rule = blueHarbour();
        listOne();
        provider.list("Something Else Entirely LP", "12.00");

        assertThat(provider.query()).isEqualTo("success");

        var listing = provider.row("SELECT id, price, currency, seller, status::text, url, title FROM listings");
        assertThat(listing.getBigDecimal("price")).isEqualByComparingTo("31.50");
        assertThat(listing.getString("status")).isEqualTo("active");
        UUID listingId = listing.getUUID("id");
        assertThat(provider.count(
                        "SELECT count(*) FROM price_snapshots WHERE listing_id = $1 AND price = 31.50", listingId))
                .isEqualTo(1);
        assertThat(provider.count(
                        "SELECT count(*) FROM watch_matches WHERE rule_id = $1 AND listing_id = $2", rule, listingId))
                .isEqualTo(1);
        var event = provider.row("SELECT user_id, rule_id, listing_id, type::text, payload FROM events");
        assertThat(event.getUUID("user_id")).isEqualTo(user);
        assertThat(event.getUUID("rule_id")).isEqualTo(rule);
        assertThat(event.getUUID("listing_id")).isEqualTo(listingId);
        assertThat(event.getString("type")).isEqualTo("NEW_MATCH");
        JsonObject payload = event.getJsonObject("payload");
        assertThat(payload.getString("rule_name")).isEqualTo("Blue Harbour");
        assertThat(payload.getString("listing_title")).isEqualTo("Marlow Quartet - Blue Harbour LP 1963 VG+ Vinyl");
        assertThat(new BigDecimal(payload.getValue("price").toString())).isEqualByComparingTo("31.50");
        assertThat(payload.getString("price_kind")).isEqualTo("fixed");
        assertThat(payload.getString("currency")).isEqualTo("USD");
        assertThat(payload.getString("condition")).isNotBlank();
        assertThat(payload.getString("seller")).isEqualTo("lp.hunter");
        assertThat(payload.getString("provider")).isEqualTo("ebay");
        assertThat(payload.getString("url")).isEqualTo("/api/outbound/ebay/" + listingId);
        assertThat(payload.getString("listing_url")).startsWith("http").isEqualTo(listing.getString("url"));
        assertThat(payload.getJsonArray("why").encode())
                .contains("blue harbour")
                .contains("31.5");
        assertThat(provider.count("SELECT count(*) FROM notifications WHERE status = 'pending' AND user_id = $1", user))
                .isEqualTo(2);
        assertThat(provider.count("SELECT count(DISTINCT channel) FROM notification_deliveries"))
                .isEqualTo(2);
        assertThat(provider.count("SELECT stream_id FROM notifications WHERE channel = 'realtime'"))
                .isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM poll_schedule s JOIN polls p ON p.id = s.poll_id"
                        + " WHERE p.kind = 'query' AND NOT s.leased AND s.next_due = 'infinity'"))
                .as("the sweep serves it from now on")
                .isEqualTo(1);
    }

    @Test
    void a_poll_done_again_creates_nothing_twice() {
        blueHarbour();
        listOne();
        provider.query();

        assertThat(provider.query()).isEqualTo("success");
        assertThat(provider.sweep()).isEqualTo("success");

        assertThat(provider.count("SELECT count(*) FROM listings")).isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM price_snapshots")).isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM watch_matches")).isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM events")).isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM notifications")).isEqualTo(2);
        assertThat(provider.count("SELECT last_stream_id FROM user_streams")).isEqualTo(1);
    }

    @Test
    void a_new_price_is_one_snapshot_and_a_price_within_the_cap_matches_at_last() {
        blueHarbour();
        String item = provider.list("Blue Harbour, too dear at first", "55.00");
        provider.query();
        assertThat(provider.count("SELECT count(*) FROM watch_matches")).isZero();
        provider.reprice(item, "39.99");

        provider.query();
        provider.query();

        assertThat(provider.count("SELECT count(*) FROM price_snapshots")).isEqualTo(2);
        assertThat(provider.row("SELECT price FROM listings").getBigDecimal(0)).isEqualByComparingTo("39.99");
        assertThat(provider.count("SELECT count(*) FROM watch_matches")).isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM events")).isEqualTo(1);
    }

    @Test
    void a_stale_fence_changes_nothing() {
        blueHarbour();
        listOne();
        var late = provider.claim(Provider.EBAY, PollKind.QUERY);
        var present = provider.claim(Provider.EBAY, PollKind.QUERY);
        assertThat(present.fence()).isGreaterThan(late.fence());

        assertThat(provider.ask(late)).isEqualTo("stale");

        assertThat(provider.count("SELECT count(*) FROM listings")).isZero();
        assertThat(provider.count("SELECT count(*) FROM price_snapshots")).isZero();
        assertThat(provider.count("SELECT count(*) FROM events")).isZero();
        assertThat(provider.count("SELECT count(*) FROM polls WHERE consecutive_failures > 0"))
                .isZero();
        assertThat(provider.count("SELECT count(*) FROM poll_schedule WHERE leased AND fence = $1", present.fence()))
                .isGreaterThanOrEqualTo(1);

        assertThat(provider.ask(present)).isEqualTo("success");
        assertThat(provider.ask(present)).as("a repeated event").isEqualTo("stale");
        assertThat(provider.count("SELECT count(*) FROM events")).isEqualTo(1);
    }

    @Test
    void one_listing_reaches_every_rule_and_watch_release_that_it_satisfies_and_no_other() {
        UUID other = provider.node.user("other@example.com");
        blueHarbour();
        provider.rule(other, "Marlow", new JsonObject().put("q", "marlow -reissue"));
        provider.rule(other, "Cheap", new JsonObject().put("q", "marlow").put("max_price", 5));
        provider.rule(
                other, "Elsewhere", new JsonObject().put("q", "marlow").put("sources", new JsonArray().add("discogs")));
        UUID release = provider.release(other, 900_000_001L, "Blue Harbour", "50");
        provider.execute("UPDATE watch_releases SET artist = 'Marlow Quartet' WHERE id = $1", release);
        provider.execute("UPDATE first_looks SET next_due = now() - interval '1 second'");
        provider.firstLooksDone();
        listOne();

        provider.sweep();

        assertThat(provider.count("SELECT count(*) FROM watch_matches")).isEqualTo(2);
        assertThat(provider.count("SELECT count(*) FROM events WHERE type = 'NEW_MATCH' AND user_id = $1", other))
                .isEqualTo(2);
        assertThat(provider.row("SELECT payload FROM events WHERE watch_release_id = $1", release)
                        .getJsonObject(0)
                        .getString("match_type"))
                .isEqualTo("watch_release");
    }

    @Test
    void a_new_rule_looks_over_what_is_stored_already() {
        listOne();
        provider.sweep();
        assertThat(provider.count("SELECT count(*) FROM events")).isZero();

        blueHarbour();

        assertThat(provider.count("SELECT count(*) FROM watch_matches")).isEqualTo(1);
        assertThat(provider.row("SELECT payload FROM events").getJsonObject(0).getBoolean("backfill"))
                .isTrue();
        provider.sweep();
        assertThat(provider.count("SELECT count(*) FROM events")).isEqualTo(1);
    }

    @Test
    void every_outbound_call_is_logged_for_the_system_user() {
        provider.sweep();

        io.waxwatch.common.testing.TestNode.eventually(
                "calls written",
                4000,
                () -> provider.count(
                                "SELECT count(*) FROM provider_requests WHERE provider = 'ebay' AND status_code = 200"
                                        + " AND user_id = '00000000-0000-0000-0000-000000000001'")
                        >= 1);
    }
}
