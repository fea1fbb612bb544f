package io.waxwatch.provider.ebay;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.common.polls.PollLane;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.ebay.client.EbayPage;
import io.waxwatch.provider.ebay.client.EbaySearch;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import io.waxwatch.provider.matching.LiveIndex;
import io.waxwatch.provider.matching.MatchWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sweep after an outage, over a category of our own; pages of ten rows. */
class EbaySweepTest {

    private static final int ROWS = 10;
    private static final int MAX_PAGES = 3;
    private static final PollKey.Sweep KEY = new PollKey.Sweep("EBAY_US", "1");

    /** What is listed, the newest first. */
    private final List<Integer> category = new ArrayList<>();

    private int listed;
    private int calls;
    /** After so many calls the quota is spent. */
    private int quota = Integer.MAX_VALUE;
    /** Rows of each page that are there; fewer where a test needs depth and not width. */
    private int shown = ROWS;

    private TestNode node;
    private PollSchedule schedule;
    private EbaySweep sweep;
    private UUID poll;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.PROVIDER);
        schedule = new PollSchedule(node.database());
        var listings = new ListingStore();
        var ingest = new Ingest(
                node.database(),
                schedule,
                new WatchRevisions(),
                listings,
                new LiveIndex(node.database(), node.quarantine()),
                new MatchWriter(new EventStore(new NotificationStore())),
                node.quarantine(),
                () -> Duration.ZERO);
        sweep = new EbaySweep(this::page, node.database(), listings, ingest, MAX_PAGES, Clock.systemUTC());
        poll = await(node.database()
                .transaction(connection -> new PollStore().ensureOnly(connection, new PollSpec(KEY, 60))));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void list(int many) {
        IntStream.range(0, many).forEach(i -> category.add(0, listed++));
    }

    private Future<EbayPage> page(EbaySearch search) {
        if (calls >= quota) {
            return Future.failedFuture(ProviderFailure.of(Kind.RATE_LIMITED, ErrorType.QUOTA, "spent")
                    .withRetryAfter(Duration.ofSeconds(9)));
        }
        calls++;
        int from = search.offset();
        List<MarketListing> rows = IntStream.range(from, Math.min(from + ROWS, category.size()))
                .limit(shown)
                .mapToObj(row -> listing(category.get(row)))
                .toList();
        Optional<String> next = from + ROWS < category.size() && from + ROWS < EbaySearch.MAX_OFFSET
                ? Optional.of("https://example.com/search?offset=" + (from + ROWS))
                : Optional.empty();
        return Future.succeededFuture(new EbayPage(rows, next, category.size()));
    }

    private static MarketListing listing(int number) {
        String id = "v1|" + number + "|0";
        return new MarketListing(
                "ebay",
                id,
                "https://example.com/itm/" + number,
                "Blue Harbour no " + number,
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
                Map.of("itemId", id));
    }

    private void run() {
        await(node.database().query("UPDATE poll_schedule SET next_due = now(), leased = false", Tuple.tuple()));
        long fence = await(schedule.claim(Provider.EBAY, PollLane.SWEEP, 1, Duration.ofMinutes(1), 0))
                .get(0)
                .fence();
        await(sweep.run(
                new PollDue(poll, "ebay", "sweep", KEY.text(), 60, fence, "run"),
                EbaySearch.newest("1").on("EBAY_US").withLimit(ROWS)));
    }

    private long stored() {
        return node.count("SELECT count(*) FROM listings");
    }

    private boolean hasGap() {
        return node.count("SELECT count(*) FROM sweep_progress WHERE gap_since IS NOT NULL") == 1;
    }

    @Test
    void what_an_outage_left_unread_is_caught_up_with_while_the_newest_is_still_read_first() {
        list(5);
        run();
        list(100);
        run();
        assertThat(stored()).as("the newest three pages").isEqualTo(35);
        assertThat(hasGap()).isTrue();
        int runs = 0;
        while (hasGap() && runs++ < 20) {
            list(4);
            run();
            assertThat(node.count("SELECT count(*) FROM listings WHERE external_id = $1", "v1|" + (listed - 1) + "|0"))
                    .as("the newest, however much has still to be caught up with")
                    .isEqualTo(1);
        }
        assertThat(stored()).isEqualTo(category.size());
        assertThat(runs)
                .as("three pages of a gap of seven, and one page back each time")
                .isBetween(3, 6);

        calls = 0;
        list(2);
        run();
        assertThat(calls).as("and then it is as it was").isEqualTo(1);
        assertThat(stored()).isEqualTo(category.size());
    }

    @Test
    void a_second_outage_within_the_first_loses_nothing() {
        list(5);
        run();
        list(80);
        run();
        list(80);
        run();
        for (int i = 0; i < 30 && hasGap(); i++) {
            run();
        }
        assertThat(hasGap()).isFalse();
        assertThat(stored()).isEqualTo(category.size());
    }

    @Test
    void what_is_sold_while_a_gap_is_read_does_not_hide_what_moves_up() {
        list(5);
        run();
        list(100);
        run();
        for (int i = 0; i < 30 && hasGap(); i++) {
            // The newest go first; the gap's own rows move up by as many.
            category.subList(0, 5).clear();
            run();
        }
        assertThat(hasGap()).isFalse();
        assertThat(node.count("SELECT count(*) FROM listings")).isEqualTo(listed);
    }

    @Test
    void a_run_that_the_quota_ends_keeps_what_it_read_and_goes_on_later() {
        list(5);
        run();
        list(60);
        quota = calls + 2;
        run();
        assertThat(stored()).isEqualTo(25);
        assertThat(hasGap()).isTrue();
        quota = Integer.MAX_VALUE;
        for (int i = 0; i < 20 && hasGap(); i++) {
            run();
        }
        assertThat(stored()).isEqualTo(category.size());
    }

    @Test
    void a_gap_that_is_deeper_than_the_marketplace_shows_is_told_and_no_cursor_is_lost() {
        list(5);
        run();
        shown = 1;
        list(EbaySearch.MAX_OFFSET + 50);
        for (int i = 0;
                i < 600 && node.count("SELECT count(*) FROM sweep_progress WHERE missed_until IS NOT NULL") == 0;
                i++) {
            run();
        }
        assertThat(hasGap()).isFalse();
        assertThat(node.count(
                        "SELECT count(*) FROM sweep_progress WHERE missed_from < missed_until AND NOT looked_again"))
                .isEqualTo(1);
        calls = 0;
        run();
        assertThat(calls).as("the sweep goes on as before").isEqualTo(1);
    }
}
