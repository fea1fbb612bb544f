package io.waxwatch.gateway.watchreleases;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class WatchReleasesTest {

    private static final String ALL = "/api/watch-releases";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject release(long id) {
        return new JsonObject()
                .put("discogs_release_id", id)
                .put("title", "Tago Mago")
                .put("artist", "Can")
                .put("year", 1971)
                .put("target_price", "45.5")
                .put("currency", "eur")
                .put("min_condition", "VG+");
    }

    private static long polls(String key) {
        return gateway.count("SELECT count(*) FROM polls WHERE kind = 'release' AND canonical_key = $1", key);
    }

    @Test
    void watches_a_release_by_the_poll_of_its_floor() {
        User ann = gateway.user();
        Reply created = ann.post(ALL, release(3_000_000_001L));
        assertThat(created.status()).isEqualTo(201);
        JsonObject json = created.json();
        assertThat(json.getMap().keySet())
                .containsExactly(
                        "id",
                        "user_id",
                        "discogs_release_id",
                        "discogs_master_id",
                        "match_mode",
                        "title",
                        "artist",
                        "year",
                        "target_price",
                        "currency",
                        "min_condition",
                        "is_active",
                        "created_at",
                        "updated_at");
        assertThat(json.getLong("discogs_release_id")).isEqualTo(3_000_000_001L);
        assertThat(json.getDouble("target_price")).isEqualTo(45.5);
        assertThat(json.getString("currency")).isEqualTo("EUR");
        assertThat(json.getString("match_mode")).isEqualTo("exact_release");
        assertThat(polls("3000000001|EUR")).isEqualTo(1);
        UUID id = UUID.fromString(created.id());
        gateway.allNumbered();
        assertThat(gateway.count("SELECT count(*) FROM watch_changes WHERE subject_id = $1 AND kind = 'release'", id))
                .isEqualTo(1);
        assertThat(gateway.count("SELECT count(*) FROM first_looks WHERE subject_id = $1", id))
                .isEqualTo(1);
        assertThat(ann.get(ALL + "/" + created.id()).json()).isEqualTo(json);
        assertThat(ann.get(ALL).list()).containsExactly(json);
    }

    @Test
    void one_that_was_deleted_comes_back_as_it_is_added_anew() {
        User ann = gateway.user();
        Reply first = ann.post(ALL, release(8_008).put("target_price", 20).put("currency", "EUR"));
        ann.delete(ALL + "/" + first.id());

        Reply again = ann.post(
                ALL, release(8_008).put("title", "Anew").put("currency", "GBP").putNull("target_price"));

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.json().getBoolean("is_active")).isTrue();
        assertThat(again.json().getString("title")).isEqualTo("Anew");
        assertThat(again.json().getString("currency")).isEqualTo("GBP");
        assertThat(again.json().getValue("target_price")).isNull();
        assertThat(ann.get(ALL).list()).containsExactly(again.json());
        assertThat(gateway.count(
                        "SELECT count(*) FROM poll_releases WHERE watch_release_id = $1", UUID.fromString(first.id())))
                .isEqualTo(1);
        assertThat(gateway.count(
                        "SELECT count(*) FROM events WHERE user_id = $1 AND type = 'WATCH_RELEASE_ENABLED'", ann.id))
                .isEqualTo(1);
        assertThat(ann.post(ALL, release(8_008)).status()).as("now it is there").isEqualTo(409);
        assertThat(gateway.user().post(ALL, release(8_008)).id())
                .as("somebody else's")
                .isNotEqualTo(first.id());
    }

    @Test
    void null_takes_the_target_away_and_leaves_everything_else() {
        User ann = gateway.user();
        String path = ALL + "/"
                + ann.post(ALL, release(9_009).put("target_price", 20).put("artist", "Can"))
                        .id();

        JsonObject changed = ann.patch(
                        path,
                        new JsonObject()
                                .putNull("target_price")
                                .putNull("artist")
                                .putNull("title"))
                .json();

        assertThat(changed.getValue("target_price")).isNull();
        assertThat(changed.getString("artist")).isEqualTo("Can");
        assertThat(ann.patch(path, new JsonObject().put("year", 1971)).json().getValue("target_price"))
                .isNull();
    }

    @Test
    void a_second_watch_on_the_same_release_is_a_conflict() {
        User ann = gateway.user();
        ann.post(ALL, release(5));
        Reply again = ann.post(ALL, release(5));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.message()).isEqualTo("Watch release already exists");
        assertThat(gateway.user().post(ALL, release(5)).status()).isEqualTo(201);
        String other = ann.post(ALL, release(6)).id();
        assertThat(ann.patch(ALL + "/" + other, new JsonObject().put("discogs_release_id", 5))
                        .status())
                .isEqualTo(409);
        assertThat(ann.get("/api/events").list()).hasSize(2);
    }

    @Test
    void a_master_has_no_floor_to_poll() {
        User ann = gateway.user();
        Reply created =
                ann.post(ALL, release(7).put("match_mode", "master_release").put("discogs_master_id", 70));
        assertThat(created.status()).isEqualTo(201);
        assertThat(polls("7|EUR")).isZero();
        ann.patch(
                ALL + "/" + created.id(),
                new JsonObject().put("match_mode", "exact_release").put("currency", "gbp"));
        assertThat(polls("7|GBP")).isEqualTo(1);
    }

    @Test
    void changes_say_so_and_a_soft_delete_stops_the_poll() {
        User ann = gateway.user();
        String path = ALL + "/" + ann.post(ALL, release(8)).id();
        assertThat(ann.patch(path, new JsonObject().putNull("artist").put("target_price", 45.50))
                        .json()
                        .getString("artist"))
                .isEqualTo("Can");
        assertThat(ann.get("/api/events").list()).hasSize(1);
        assertThat(ann.patch(path, new JsonObject().put("target_price", 40))
                        .json()
                        .getDouble("target_price"))
                .isEqualTo(40);
        assertThat(ann.delete(path).json().getBoolean("is_active")).isFalse();
        assertThat(polls("8|EUR")).isZero();
        JsonArray events = ann.get("/api/events").list();
        assertThat(events.stream().map(event -> ((JsonObject) event).getString("type")))
                .containsExactly(
                        "WATCH_RELEASE_DISABLED",
                        "WATCH_RELEASE_UPDATED",
                        "WATCH_RELEASE_UPDATED",
                        "WATCH_RELEASE_CREATED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "XYZ", "ßßß", "日本盤", "\ud83c\udfb5\ud83c\udfb5\ud83c\udfb5", "   "})
    void refuses_what_is_no_currency_for_no_floor_can_be_asked_in_it(String currency) {
        User ann = gateway.user();
        String path = ALL + "/" + ann.post(ALL, release(9)).id();
        for (Reply refused : List.of(
                ann.post(ALL, release(10).put("currency", currency)),
                ann.patch(path, new JsonObject().put("currency", currency)))) {
            assertThat(refused.status()).as(currency).isEqualTo(422);
            assertThat(refused.message()).startsWith("currency: unknown currency; give three letters of ISO 4217");
        }
        assertThat(ann.get(path).json().getString("currency")).isEqualTo("EUR");
    }

    @Test
    void refuses_bad_input_in_the_contracts_words() {
        User ann = gateway.user();
        Reply missing = ann.post(
                ALL,
                new JsonObject().put("currency", "EURO").put("year", 10_000).put("match_mode", "x"));
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.error().getJsonArray("details").toString())
                .contains("\"discogs_release_id\"")
                .contains("Field required")
                .contains("String should have at most 3 characters")
                .contains("Input should be less than or equal to 9999")
                .contains("Input should be 'exact_release' or 'master_release'");
        String path = ALL + "/" + ann.post(ALL, release(9)).id();
        assertThat(ann.post(ALL, release(10).put("target_price", -1)).status()).isEqualTo(422);
        assertThat(ann.post(ALL, release(10).put("target_price", 1e15)).status())
                .isEqualTo(422);
        assertThat(gateway.user().get(path).message()).isEqualTo("Watch release not found");
        assertThat(gateway.user().delete(path).status()).isEqualTo(404);
    }
}
