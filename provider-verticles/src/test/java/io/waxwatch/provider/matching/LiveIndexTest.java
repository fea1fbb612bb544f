package io.waxwatch.provider.matching;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchRevisions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An index that has caught up is the one that a fresh load gives. */
@Tag("postgresql")
class LiveIndexTest {

    private final WatchRevisions revisions = new WatchRevisions();
    private TestNode node;
    private LiveIndex live;
    private UUID user;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.PROVIDER);
        user = node.user("collector@example.com");
        live = new LiveIndex(node.database(), node.quarantine());
        await(live.load());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void catchUp() {
        await(node.database()
                .transaction(connection -> revisions.hold(connection).compose(held -> live.catchUp(connection))));
    }

    private void changed(WatchKind kind, UUID... ids) {
        await(node.database().transaction(connection -> revisions.record(connection, kind, Arrays.asList(ids))));
    }

    private void execute(String sql, Object... parameters) {
        await(node.database().query(sql, Tuple.from(parameters)));
    }

    private UUID rule(String q) {
        UUID id = node.rule(user, q, new JsonObject().put("q", q));
        changed(WatchKind.RULE, id);
        return id;
    }

    private static Offer offer(String title, String price) {
        return new Offer(Provider.EBAY, title, new BigDecimal(price), "USD", null, null, null);
    }

    private Set<UUID> rules(String title) {
        return Set.copyOf(live.match(offer(title, "10")).rules());
    }

    @Test
    void a_new_rule_is_known_after_the_catch_up_and_not_before() {
        UUID rule = rule("blue");
        assertThat(rules("Blue Harbour")).isEmpty();

        catchUp();

        assertThat(rules("Blue Harbour")).containsExactly(rule);
        assertThat(live.revision()).isEqualTo(1);
    }

    @Test
    void an_edit_a_rest_and_a_delete_are_followed() {
        UUID rule = rule("blue");
        execute("UPDATE watch_search_rules SET query = '{\"q\": \"red\"}' WHERE id = $1", rule);
        changed(WatchKind.RULE, rule);
        catchUp();
        assertThat(rules("Blue")).isEmpty();
        assertThat(rules("Red")).containsExactly(rule);

        execute("UPDATE watch_search_rules SET is_active = false WHERE id = $1", rule);
        changed(WatchKind.RULE, rule);
        catchUp();
        assertThat(rules("Red")).isEmpty();

        execute("UPDATE watch_search_rules SET is_active = true WHERE id = $1", rule);
        changed(WatchKind.RULE, rule);
        catchUp();
        assertThat(rules("Red")).containsExactly(rule);

        execute("DELETE FROM watch_search_rules WHERE id = $1", rule);
        changed(WatchKind.RULE, rule);
        catchUp();
        assertThat(rules("Red")).isEmpty();
        assertThat(live.size()).isZero();
    }

    @Test
    void one_that_cannot_be_read_matches_nothing_and_keeps_no_other_from_being_loaded() {
        UUID rule = rule("blue");
        UUID release = release(77, "Harbour");
        execute("ALTER TABLE watch_releases ALTER match_mode DROP NOT NULL, ALTER title DROP NOT NULL");
        execute("UPDATE watch_releases SET title = NULL, match_mode = NULL");
        changed(WatchKind.RELEASE, release);

        catchUp();
        assertThat(rules("Blue")).containsExactly(rule);
        assertThat(live.size()).isEqualTo(1);

        await(live.load());
        assertThat(rules("Blue")).containsExactly(rule);
        assertThat(live.size()).isEqualTo(1);
        eventually(
                "both times put aside",
                10_000,
                () -> node.count(
                                "SELECT coalesce(sum(times), 0) FROM quarantined_rows WHERE subject = $1",
                                "release " + release)
                        >= 2);
    }

    @Test
    void a_deactivated_users_watches_rest() {
        UUID rule = rule("blue");
        UUID release = release(77, "Harbour");
        catchUp();
        assertThat(live.size()).isEqualTo(2);

        execute("UPDATE users SET is_active = false WHERE id = $1", user);
        changed(WatchKind.RULE, rule);
        changed(WatchKind.RELEASE, release);
        catchUp();

        assertThat(live.size()).isZero();
    }

    @Test
    void a_watch_release_is_followed_too() {
        UUID release = release(77, "Harbour");
        catchUp();
        var byId = new Offer(Provider.EBAY, "whatever", new BigDecimal("10"), "USD", null, 77L, null);
        assertThat(live.match(byId).releases()).containsExactly(release);

        execute("UPDATE watch_releases SET target_price = 5 WHERE id = $1", release);
        changed(WatchKind.RELEASE, release);
        catchUp();

        assertThat(live.match(byId).releases()).isEmpty();
    }

    @Test
    void pruned_changes_lead_to_a_fresh_load_also_when_it_was_only_one() {
        UUID one = rule("blue");
        execute("DELETE FROM watch_changes");
        catchUp();
        assertThat(rules("Blue")).containsExactly(one);
        assertThat(live.revision()).isEqualTo(1);

        UUID two = rule("blue");
        UUID three = rule("blue");
        execute("DELETE FROM watch_changes WHERE revision <= 2");
        catchUp();
        assertThat(rules("Blue")).containsExactlyInAnyOrder(one, two, three);

        rule("red");
        rule("red");
        execute("DELETE FROM watch_changes");
        catchUp();
        assertThat(live.size()).isEqualTo(5);
        assertThat(live.revision()).isEqualTo(5);
    }

    @Test
    void many_at_once_share_one_load_and_all_end_up_to_date() {
        for (int i = 0; i < 5; i++) {
            rule("blue");
        }
        execute("DELETE FROM watch_changes");
        var context = node.node().vertx().getOrCreateContext();
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            io.vertx.core.Promise<Void> done = io.vertx.core.Promise.promise();
            context.runOnContext(go -> node.database()
                    .transaction(connection -> revisions.hold(connection).compose(held -> live.catchUp(connection)))
                    .onComplete(done));
            all.add(done.future());
        }

        await(Future.all(all));

        assertThat(rules("Blue")).hasSize(5);
        assertThat(live.revision()).isEqualTo(5);
    }

    @Test
    void after_any_changes_it_equals_a_fresh_load() {
        var random = new Random(11);
        String[] words = {"blue", "blues", "red", "harbour", "night", "train", "\"night train\"", "-live"};
        List<UUID> rules = new ArrayList<>();
        for (int step = 0; step < 120; step++) {
            int what = random.nextInt(10);
            if (rules.isEmpty() || what < 5) {
                rules.add(rule(words[random.nextInt(7)] + " " + words[random.nextInt(words.length)]));
            } else {
                UUID rule = rules.get(random.nextInt(rules.size()));
                if (what < 7) {
                    execute(
                            "UPDATE watch_search_rules SET query = jsonb_build_object('q', $2::text, 'max_price', $3::int)"
                                    + " WHERE id = $1",
                            rule,
                            words[random.nextInt(7)],
                            5 + random.nextInt(10));
                } else if (what < 9) {
                    execute("UPDATE watch_search_rules SET is_active = NOT is_active WHERE id = $1", rule);
                } else {
                    execute("DELETE FROM watch_search_rules WHERE id = $1", rule);
                }
                changed(WatchKind.RULE, rule);
            }
            if (random.nextInt(4) == 0) {
                catchUp();
            }
        }
        catchUp();
        var fresh = new LiveIndex(node.database(), node.quarantine());
        await(fresh.load());

        assertThat(live.size()).isEqualTo(fresh.size()).isGreaterThan(10);
        assertThat(live.revision()).isEqualTo(fresh.revision()).isGreaterThanOrEqualTo(120);
        for (int i = 0; i < 300; i++) {
            String title = String.join(" ", pick(random), pick(random), pick(random));
            Offer offer = offer(title, Integer.toString(3 + random.nextInt(14)));
            assertThat(Set.copyOf(live.match(offer).rules()))
                    .as(title)
                    .isEqualTo(Set.copyOf(fresh.match(offer).rules()));
        }
    }

    private static String pick(Random random) {
        String[] words = {"Blue", "Blues", "Red", "Harbour", "Night", "Train", "Live", "Trains"};
        return words[random.nextInt(words.length)];
    }

    private UUID release(long releaseId, String title) {
        UUID id = UUID.randomUUID();
        execute("""
                INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, currency, is_active,
                    imported_from_wantlist, imported_from_collection, created_at, updated_at)
                VALUES ($1, $2, $3, 'exact_release', $4, 'USD', true, false, false, now(), now())
                """, id, user, releaseId, title);
        changed(WatchKind.RELEASE, id);
        return id;
    }
}
