package io.waxwatch.provider.matching;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.Clause;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Outcome;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.watches.BackfillQueue;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.matching.MatchWriter.Found;
import io.waxwatch.provider.matching.MatchWriter.Judged;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class BackfillTest {

    private static final Duration GAP = Duration.ofMinutes(10);
    private static final int REACH_LIMIT = 40;

    private final BackfillQueue looks = new BackfillQueue();
    private TestNode node;
    private UUID ann;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.PROVIDER);
        ann = node.user("ann@example.com");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Backfill backfill() {
        return new Backfill(
                node.database(),
                looks,
                new ListingStore(),
                new MatchWriter(new EventStore(new NotificationStore())),
                node.quarantine(),
                new Backfill.Window(GAP, Duration.ofDays(7), REACH_LIMIT));
    }

    /** Titles end in their number; last seen one after the other, or all at once as after a sweep. */
    private void listings(String title, int count, Duration age, Duration apart) {
        await(node.database().query("""
                INSERT INTO listings (id, provider, external_id, url, title, normalized_title, price, price_kind, currency, status,
                    first_seen_at, last_seen_at)
                SELECT gen_random_uuid(), 'ebay', $1 || ' ' || i, 'https://www.ebay.com/itm/1', $1 || ' ' || i, lower($1 || ' ' || i),
                    20, 'fixed', 'USD', 'active', now(), now() - make_interval(secs => $3 + i * $4)
                FROM generate_series(1, $2) AS i
                """, Tuple.of(title, count, (double) age.toSeconds(), apart.toMillis() / 1000.0)));
    }

    private UUID rule(JsonObject query) {
        UUID rule = node.rule(ann, "Blue", query);
        ask(rule);
        return rule;
    }

    private void ask(UUID rule) {
        await(node.database().transaction(connection -> looks.request(connection, WatchKind.RULE, rule)));
    }

    private static JsonObject keywords(String... keywords) {
        return new JsonObject().put("keywords", new JsonArray(List.of(keywords)));
    }

    /** An adopted rule with as many words as a request of 64 KiB holds, none of them in any title but the one it looks for. */
    private static JsonObject largest() {
        String excluded = IntStream.range(10_000, 22_700)
                .mapToObj(i -> "-" + Integer.toString(i, 36))
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
        return keywords("blue").put("q", excluded);
    }

    private long matches() {
        return node.count("SELECT count(*) FROM watch_matches");
    }

    private long due() {
        return node.count("SELECT count(*) FROM first_looks");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 400})
    void the_gap_is_looked_over_whole_however_many_pages_it_has(long apartMillis) {
        listings("Blue Train", 1_100, Duration.ZERO, Duration.ofMillis(apartMillis));
        listings("Giant Steps", 300, Duration.ZERO, Duration.ofMillis(apartMillis));
        rule(keywords("blue train"));

        assertThat(await(AllBackfills.of(backfill()))).isEqualTo(1_100);

        assertThat(matches()).isEqualTo(1_100);
        assertThat(node.count("SELECT count(DISTINCT listing_id) FROM events WHERE type = 'NEW_MATCH'"))
                .isEqualTo(1_100);
        assertThat(due()).isZero();
    }

    @Test
    void a_match_that_cannot_be_written_does_not_keep_the_look_from_its_end() {
        listings("Blue Train", 1_100, Duration.ZERO, Duration.ofMillis(400));
        UUID bad = await(node.database()
                        .query(
                                "SELECT id FROM listings WHERE title IN ('Blue Train 7', 'Blue Train 900')",
                                Tuple.tuple()))
                .iterator()
                .next()
                .getUUID(0);
        await(node.database()
                .query(
                        "ALTER TABLE watch_matches ADD CONSTRAINT no CHECK (listing_id <> '" + bad + "')",
                        Tuple.tuple()));
        rule(keywords("blue train"));

        assertThat(await(AllBackfills.of(backfill()))).isEqualTo(1_099);

        assertThat(matches()).isEqualTo(1_099);
        assertThat(due()).isZero();
        assertThat(node.count("SELECT count(*) FROM quarantined_rows WHERE source = 'match' AND reason LIKE '23514 %'"))
                .isEqualTo(1);
    }

    @Test
    void beyond_the_gap_only_the_newest_are_looked_at() {
        listings("Blue Train", 15, Duration.ZERO, Duration.ZERO);
        listings("Blue World", 100, Duration.ofHours(2), Duration.ofSeconds(1));
        rule(keywords("blue"));

        assertThat(await(AllBackfills.of(backfill()))).isEqualTo(REACH_LIMIT);

        assertThat(node.count("SELECT count(*) FROM watch_matches m JOIN listings l ON l.id = m.listing_id"
                        + " WHERE l.title LIKE 'Blue Train%'"))
                .isEqualTo(15);
        assertThat(node.count("SELECT count(*) FROM watch_matches m JOIN listings l ON l.id = m.listing_id"
                        + " WHERE l.title IN ('Blue World 1', 'Blue World 25')"))
                .as("the newest of the others")
                .isEqualTo(2);
    }

    @Test
    void the_largest_rule_finds_what_it_should_and_holds_no_event_loop() {
        JsonObject query = largest();
        int words =
                RuleQuery.fromStored(new JsonObject(query.encode()).getMap()).clauses();
        assertThat(words).isGreaterThan(10_000);
        assertThat(query.encode().length()).isBetween(60 * 1024, 64 * 1024);
        listings("Giant Steps", 1_000, Duration.ZERO, Duration.ofMillis(100));
        listings("Blue Train", 12, Duration.ZERO, Duration.ofSeconds(20));
        listings("Blue World", 300, Duration.ofHours(1), Duration.ofSeconds(1));
        rule(query);

        assertThat(await(AllBackfills.of(backfill()))).isEqualTo(12);

        assertThat(matches()).isEqualTo(12);
        assertThat(due()).isZero();
    }

    @Test
    void a_look_that_was_asked_for_anew_meanwhile_tells_nothing_twice() {
        listings("Blue Train", 30, Duration.ZERO, Duration.ZERO);
        UUID rule = rule(keywords("blue"));
        await(AllBackfills.of(backfill()));
        ask(rule);

        assertThat(await(AllBackfills.of(backfill()))).isZero();

        assertThat(matches()).isEqualTo(30);
        assertThat(due()).isZero();
    }

    @Test
    void a_look_whose_lease_was_lost_is_left_to_its_new_owner() {
        UUID rule = rule(keywords("blue"));
        var late = await(looks.claim(node.database(), Duration.ofMinutes(1))).orElseThrow();
        ask(rule);

        boolean held =
                await(node.database().transaction(connection -> looks.hold(connection, late, Duration.ofMinutes(1))));
        assertThat(held).isFalse();
        assertThat(await(looks.claim(node.database(), Duration.ofMinutes(1)))).isPresent();
    }

    @Test
    void the_look_of_a_rule_that_is_gone_is_done() {
        listings("Blue Train", 3, Duration.ZERO, Duration.ZERO);
        UUID rule = rule(keywords("blue"));
        await(node.database().query("UPDATE watch_search_rules SET is_active = false WHERE id = $1", Tuple.of(rule)));

        assertThat(await(AllBackfills.of(backfill()))).isZero();
        assertThat(due()).isZero();
        assertThat(matches()).isZero();
    }

    @Test
    void what_was_decided_is_written_as_it_is_unless_the_rule_was_edited_since() {
        listings("Blue Train", 1, Duration.ZERO, Duration.ZERO);
        UUID rule = rule(keywords("blue"));
        Listing listing = await(node.database()
                        .transaction(connection -> new ListingStore()
                                .recent(
                                        connection,
                                        OffsetDateTime.now(ZoneOffset.UTC).minusDays(1),
                                        null,
                                        1)))
                .listings()
                .get(0);
        var handedOn = new Decision(true, List.of(new Clause("keyword", Outcome.PASS, "handed on", "handed on")));
        var hits = new Hits(List.of(rule), List.of());
        var before = new Found(listing, hits, new Judged(query("train"), handedOn));
        var same = new Found(listing, hits, new Judged(query("blue"), handedOn));

        assertThat(write(before)).isEqualTo(1);
        assertThat(trace()).as("decided anew").doesNotContain("handed on");
        await(node.database().query("DELETE FROM watch_matches", Tuple.tuple()));
        await(node.database().query("DELETE FROM events", Tuple.tuple()));
        assertThat(write(same)).isEqualTo(1);
        assertThat(trace()).contains("handed on");
    }

    private static RuleQuery query(String keyword) {
        return RuleQuery.fromStored(new JsonObject(keywords(keyword).encode()).getMap());
    }

    private int write(Found found) {
        var writer = new MatchWriter(new EventStore(new NotificationStore()));
        return await(node.database()
                .transaction(connection -> writer.write(connection, List.of(found), MatchWriter.Origin.live())));
    }

    private String trace() {
        return await(node.database().query("SELECT match_context::text FROM watch_matches", Tuple.tuple()))
                .iterator()
                .next()
                .getString(0);
    }
}
