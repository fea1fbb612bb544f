package io.waxwatch.provider.discogs.releasefloors;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.waxwatch.provider.polls.RunningProvider;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class FloorPollsTest {

    private static final long RELEASE = 900_000_001L;

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

    private long alerts() {
        return provider.count("SELECT count(*) FROM events WHERE type = 'NEW_MATCH'");
    }

    private long floorAt(int forSale, String price) {
        provider.setFloor(RELEASE, forSale, price);
        assertThat(provider.floor()).isEqualTo("success");
        return alerts();
    }

    @Test
    void alerts_once_at_the_target_again_when_lower_and_anew_after_it_left_the_target() {
        provider.release(user, RELEASE, "Blue Harbour", "20.00");

        assertThat(floorAt(3, "25.00")).as("above the target").isZero();
        assertThat(floorAt(3, "20.00")).as("at the target").isEqualTo(1);
        assertThat(floorAt(3, "20.00")).as("unchanged").isEqualTo(1);
        assertThat(floorAt(3, "20.00") + floorAt(4, "19.99")).as("lower").isEqualTo(3);
        assertThat(floorAt(4, "19.99")).isEqualTo(2);
        assertThat(floorAt(4, "20.00")).as("higher, still met").isEqualTo(2);
        assertThat(floorAt(2, "21.00")).as("left the target").isEqualTo(2);
        assertThat(floorAt(2, "20.00")).as("met anew").isEqualTo(3);
        assertThat(provider.count("SELECT count(*) FROM notifications")).isEqualTo(6);
    }

    @Test
    void the_alert_says_what_where_and_why() {
        UUID watch = provider.release(user, RELEASE, "Blue Harbour", "20.00");
        floorAt(3, "18.50");

        var event = provider.row("SELECT watch_release_id, listing_id, payload FROM events");
        assertThat(event.getUUID(0)).isEqualTo(watch);
        assertThat(event.getUUID(1)).isNull();
        JsonObject payload = event.getJsonObject(2);
        assertThat(payload.getString("match_type")).isEqualTo("release_floor");
        assertThat(payload.getString("watch_release_title")).isEqualTo("Blue Harbour");
        assertThat(payload.getDouble("price")).isEqualTo(18.5);
        assertThat(payload.getString("currency")).isEqualTo("USD");
        assertThat(payload.getInteger("number_for_sale")).isEqualTo(3);
        assertThat(payload.getString("url")).isEqualTo("https://www.discogs.com/sell/release/" + RELEASE);
        assertThat(payload.getJsonArray("why").encode()).contains("18.50 USD").contains("20.00 USD");
    }

    @Test
    void none_for_sale_is_a_state_and_no_price_and_re_arms() {
        provider.release(user, RELEASE, "Blue Harbour", "20.00");
        assertThat(floorAt(1, "15.00")).isEqualTo(1);

        assertThat(floorAt(0, null)).isEqualTo(1);

        var floor = provider.row("SELECT price, number_for_sale FROM release_floors");
        assertThat(floor.getBigDecimal(0)).isNull();
        assertThat(floor.getInteger(1)).isZero();
        assertThat(provider.count("SELECT count(*) FROM release_floor_alerts")).isZero();
        assertThat(floorAt(1, "15.00")).isEqualTo(2);
    }

    @Test
    void one_call_serves_everybody_each_by_their_own_target() {
        UUID other = provider.node.user("other@example.com");
        UUID resting = provider.node.user("resting@example.com");
        provider.release(user, RELEASE, "Blue Harbour", "20.00");
        provider.release(other, RELEASE, "Blue Harbour", null);
        provider.release(resting, RELEASE, "Blue Harbour", "99.00");
        provider.execute("UPDATE watch_releases SET is_active = false WHERE user_id = $1", resting);
        provider.forgetRequests();

        assertThat(floorAt(5, "30.00")).as("only who set no target").isEqualTo(1);

        assertThat(provider.requests()).hasSize(1);
        assertThat(floorAt(5, "19.00")).isEqualTo(3);
        assertThat(provider.count("SELECT count(*) FROM events WHERE user_id = $1", resting))
                .isZero();
    }

    @Test
    void
            an_adopted_watch_without_a_real_currency_is_asked_for_in_dollars_and_hears_of_any_floor_when_it_has_no_target() {
        provider.release(user, RELEASE, "Blue Harbour", "20.00");
        UUID other = provider.node.user("other@example.com");
        provider.release(other, RELEASE, "Blue Harbour", null);
        for (String junk : new String[] {"€", "", "US$", "e u"}) {
            provider.execute("UPDATE watch_releases SET currency = $1", junk);
            provider.execute("UPDATE polls SET canonical_key = $1 WHERE kind = 'release'", RELEASE + "|" + junk);
            provider.execute("DELETE FROM release_floor_alerts");
            provider.execute("DELETE FROM events");

            assertThat(floorAt(3, "15.00")).as(junk).isEqualTo(1);
        }
        assertThat(provider.row("SELECT user_id FROM events").getUUID(0)).isEqualTo(other);
        assertThat(provider.row("SELECT currency FROM release_floors").getString(0))
                .isEqualTo("USD");
    }

    @Test
    void a_failing_discogs_is_no_floor_at_all() {
        provider.release(user, RELEASE, "Blue Harbour", "20.00");
        assertThat(floorAt(2, "15.00")).isEqualTo(1);
        for (String mode : new String[] {"status", "garble", "half-body", "silent"}) {
            provider.fault(new JsonObject().put("provider", "discogs").put("mode", mode));

            assertThat(provider.floor()).as(mode).isEqualTo("failed");

            assertThat(provider.count(
                            "SELECT count(*) FROM release_floors WHERE price = 15.00 AND number_for_sale = 2"))
                    .as(mode)
                    .isEqualTo(1);
            assertThat(provider.count("SELECT count(*) FROM release_floor_alerts"))
                    .isEqualTo(1);
        }
        assertThat(provider.count("SELECT consecutive_failures FROM polls WHERE kind = 'release'"))
                .isEqualTo(4);
        assertThat(provider.row("SELECT last_error FROM polls WHERE kind = 'release'")
                        .getString(0))
                .isEqualTo("timeout");
        assertThat(provider.count(
                        "SELECT round(extract(epoch FROM next_due - now()))::bigint FROM poll_schedule s JOIN polls p"
                                + " ON p.id = s.poll_id WHERE p.kind = 'release'"))
                .as("30 s doubled thrice")
                .isBetween(238L, 240L);
        provider.noFault();

        assertThat(floorAt(2, "14.00")).isEqualTo(2);
        assertThat(provider.count("SELECT consecutive_failures FROM polls WHERE kind = 'release'"))
                .isZero();
    }

    @Test
    void an_alert_that_cannot_be_stored_costs_neither_the_floor_nor_the_other_collectors() {
        UUID bad = provider.release(user, RELEASE, "Blue Harbour", "20.00");
        UUID other = provider.node.user("other@example.com");
        provider.release(other, RELEASE, "Blue Harbour", "20.00");
        provider.execute("ALTER TABLE events ADD CONSTRAINT no CHECK (watch_release_id <> '" + bad + "')");

        assertThat(floorAt(3, "15.00")).as("the other collector's").isEqualTo(1);

        assertThat(provider.row("SELECT user_id FROM events").getUUID(0)).isEqualTo(other);
        assertThat(provider.row("SELECT price FROM release_floors").getBigDecimal(0))
                .isEqualTo("15.00");
        assertThat(provider.count(
                        "SELECT count(*) FROM quarantined_rows WHERE source = 'match' AND reason LIKE '23514 %'"
                                + " AND subject = 'discogs floor " + RELEASE + " watch " + bad + "'"))
                .isEqualTo(1);
        assertThat(provider.count("SELECT consecutive_failures FROM polls WHERE kind = 'release'"))
                .isZero();

        provider.execute("ALTER TABLE events DROP CONSTRAINT no");
        assertThat(floorAt(3, "15.00")).as("told when it can be stored").isEqualTo(2);
    }

    @Test
    void a_floor_that_cannot_be_stored_is_put_aside_and_its_poll_goes_on() {
        provider.release(user, RELEASE, "Blue Harbour", "20.00");
        provider.execute("ALTER TABLE release_floors ADD CONSTRAINT no CHECK (price <> 13.13)");

        assertThat(floorAt(3, "13.13")).isZero();

        assertThat(provider.count("SELECT count(*) FROM release_floors")).isZero();
        assertThat(provider.count("SELECT count(*) FROM quarantined_rows WHERE source = 'listing' AND times = 1"
                        + " AND subject = 'discogs floor " + RELEASE + "' AND body LIKE '%13.13%'"))
                .isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM poll_schedule WHERE NOT leased AND last_run_at IS NOT NULL"))
                .as("polls that went well")
                .isEqualTo(1);
        assertThat(floorAt(3, "13.12")).isEqualTo(1);
    }

    @Test
    void a_floor_that_stays_is_looked_at_less_often_and_one_that_moves_more_often_again() {
        provider.release(user, RELEASE, "Floor", null);
        for (int i = 0; i < 40; i++) {
            floorAt(2, "14.00");
        }
        assertThat(adaptive()).as("as old as it may be shown").isEqualTo(6 * 3600);
        floorAt(1, "14.00");
        assertThat(adaptive()).isEqualTo(3 * 3600);
        for (int i = 0; i < 10; i++) {
            floorAt(1, (20 - i) + ".00");
        }
        assertThat(adaptive()).as("the interval of the setting").isEqualTo(900);
        assertThat(provider.count(
                        "SELECT round(extract(epoch FROM next_due - last_run_at))::bigint FROM poll_schedule s"
                                + " JOIN polls p ON p.id = s.poll_id WHERE p.kind = 'release'"))
                .isEqualTo(900);
    }

    @Test
    void a_floor_has_a_history() {
        provider.release(user, RELEASE, "Floor", null);
        floorAt(2, "14.00");
        floorAt(2, "12.00");
        floorAt(3, "12.00");
        floorAt(3, "13.00");
        floorAt(0, null);
        floorAt(0, null);
        assertThat(provider.node.count("SELECT count(*) FROM release_floor_changes"))
                .isEqualTo(5);
        assertThat(
                        provider.node.count(
                                "SELECT count(*) FROM (SELECT string_agg(change, ' ' ORDER BY seen_at) AS all_of_them"
                                        + " FROM release_floor_changes) c WHERE all_of_them = 'appeared dropped number rose sold_out'"))
                .isEqualTo(1);
    }

    private long adaptive() {
        return provider.count("SELECT adaptive_seconds FROM polls WHERE kind = 'release'");
    }
}
