package io.waxwatch.provider.ingest;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.matching.LiveIndex;
import io.waxwatch.provider.matching.MatchWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A row that PostgreSQL refuses costs neither its poll nor the rows that came with it. */
@Tag("postgresql")
class BadRowTest {

    private static final int PAGE = 50;

    private TestNode node;
    private PollSchedule schedule;
    private Ingest ingest;
    private UUID poll;
    private UUID ann;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.PROVIDER);
        schedule = new PollSchedule(node.database());
        ingest = new Ingest(
                node.database(),
                schedule,
                new WatchRevisions(),
                new ListingStore(),
                new LiveIndex(node.database(), node.quarantine()),
                new MatchWriter(new EventStore(new NotificationStore())),
                node.quarantine(),
                () -> Duration.ZERO);
        poll = await(node.database()
                .transaction(connection -> new PollStore()
                        .ensure(connection, new PollSpec(new PollKey.Shop(Provider.EBAY, "blue"), 600))));
        ann = node.user("ann@example.com");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void execute(String sql) {
        await(node.database().query(sql, Tuple.tuple()));
    }

    private UUID rule(UUID user, String q) {
        UUID rule = node.rule(user, q, new JsonObject().put("q", q));
        await(node.database()
                .transaction(connection -> new WatchRevisions().record(connection, WatchKind.RULE, List.of(rule))));
        return rule;
    }

    private PollDue claimed() {
        execute("UPDATE poll_schedule SET next_due = now()");
        long fence = await(schedule.claim(Provider.EBAY, 10, Duration.ofMinutes(1), 0))
                .get(0)
                .fence();
        return new PollDue(poll, "ebay", "query", "EBAY_US|1|blue", 600, fence, "run");
    }

    private static List<MarketListing> page() {
        List<MarketListing> page = new ArrayList<>();
        for (int i = 0; i < PAGE; i++) {
            page.add(new MarketListing(
                    "ebay",
                    "v1|" + i + "|0",
                    "https://example.com/itm/" + i,
                    "Blue Harbour no " + i,
                    new BigDecimal("10.00"),
                    "USD",
                    null,
                    "Used",
                    "3000",
                    "seller",
                    "US",
                    null,
                    null,
                    null,
                    List.of("FIXED_PRICE"),
                    null,
                    null,
                    null,
                    Map.of("itemId", "v1|" + i + "|0")));
        }
        return page;
    }

    private long open(String table) {
        return node.count("SELECT count(*) FROM " + table);
    }

    private void closed() {
        assertThat(node.count("SELECT count(*) FROM poll_schedule WHERE NOT leased AND last_run_at IS NOT NULL"))
                .as("polls that went well")
                .isEqualTo(1);
    }

    @Test
    void a_listing_that_cannot_be_stored_is_put_aside_and_the_rest_of_the_page_is_ingested() {
        rule(ann, "blue");
        execute("ALTER TABLE listings ADD CONSTRAINT no_seven CHECK (external_id NOT IN ('v1|7|0', 'v1|31|0'))");

        var outcome = await(ingest.commit(claimed(), Provider.EBAY, page()));

        assertThat(outcome).isEqualTo(new Ingest.Outcome(PAGE - 2, PAGE - 2));
        closed();
        assertThat(open("listings")).isEqualTo(PAGE - 2);
        assertThat(open("price_snapshots")).isEqualTo(PAGE - 2);
        assertThat(open("watch_matches")).isEqualTo(PAGE - 2);
        assertThat(open("notifications")).isEqualTo(2L * (PAGE - 2));
        assertThat(node.count("SELECT count(*) FROM quarantined_rows WHERE source = 'listing' AND times = 1"
                        + " AND subject IN ('ebay v1|7|0', 'ebay v1|31|0') AND reason LIKE '23514 %'"
                        + " AND body LIKE '{\"itemId\":%'"))
                .isEqualTo(2);

        await(ingest.commit(claimed(), Provider.EBAY, page()));

        assertThat(open("watch_matches")).as("told once").isEqualTo(PAGE - 2);
        assertThat(node.count("SELECT count(*) FROM quarantined_rows WHERE times = 2"))
                .isEqualTo(2);

        execute("ALTER TABLE listings DROP CONSTRAINT no_seven");
        await(ingest.commit(claimed(), Provider.EBAY, page()));

        assertThat(open("watch_matches")).as("found when it can be stored").isEqualTo(PAGE);
    }

    @Test
    void a_match_that_cannot_be_written_costs_neither_its_listing_nor_other_collectors() {
        UUID bad = rule(ann, "blue");
        UUID good = rule(node.user("ben@example.com"), "harbour");
        execute("ALTER TABLE watch_matches ADD CONSTRAINT no CHECK (rule_id <> '" + bad + "')");

        var outcome = await(ingest.commit(claimed(), Provider.EBAY, page()));

        closed();
        assertThat(outcome.events()).isZero();
        assertThat(open("listings")).isEqualTo(PAGE);
        assertThat(node.count("SELECT count(*) FROM watch_matches WHERE rule_id = $1", good))
                .isEqualTo(PAGE);
        assertThat(node.count("SELECT count(*) FROM notifications")).isEqualTo(2L * PAGE);
        assertThat(node.count(
                        "SELECT count(*) FROM quarantined_rows WHERE source = 'match' AND subject LIKE $1",
                        "%" + bad + "%"))
                .isEqualTo(PAGE);
    }

    @Test
    void a_page_of_bad_rows_only_closes_its_poll() {
        execute("ALTER TABLE listings ADD CONSTRAINT none CHECK (price > 10)");

        assertThat(await(ingest.commit(claimed(), Provider.EBAY, page()))).isEqualTo(new Ingest.Outcome(0, 0));

        closed();
        assertThat(open("quarantined_rows")).isEqualTo(PAGE);
    }

    @Test
    void what_is_wrong_with_the_database_and_not_with_a_row_fails_the_poll_as_before() {
        execute("ALTER TABLE listings RENAME COLUMN title TO renamed");

        Throwable cause = catchThrowable(() -> await(ingest.commit(claimed(), Provider.EBAY, page())));

        assertThat(cause).isInstanceOf(PgException.class);
        assertThat(open("quarantined_rows")).isZero();
    }

    @Test
    void a_late_duplicate_with_a_bad_row_finds_its_fence_stale() {
        execute("ALTER TABLE listings ADD CONSTRAINT no_seven CHECK (external_id <> 'v1|7|0')");
        PollDue late = claimed();
        claimed();

        Throwable cause = catchThrowable(() -> await(ingest.commit(late, Provider.EBAY, page())));

        assertThat(cause).isInstanceOf(Ingest.Stale.class);
        assertThat(open("listings")).isZero();
    }
}
