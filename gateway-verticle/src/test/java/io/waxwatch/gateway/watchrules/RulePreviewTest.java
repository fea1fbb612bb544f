package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.watchrules.RulePreview.Limits;
import io.waxwatch.gateway.watchrules.RulePreviewed.Stop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A preview that meets its limits says so, and counts only what it can know. */
class RulePreviewTest {

    private static final OffsetDateTime NOW = OffsetDateTime.of(2026, 11, 21, 12, 0, 0, 0, ZoneOffset.UTC);

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start(Role.GATEWAY, Map.of("AUTH_ISSUER", "http://issuer.invalid"));
        // One an hour: even ones match.
        TestNode.await(node.database().query("""
                        INSERT INTO listings (id, provider, external_id, url, title, price, currency, status, first_seen_at,
                            last_seen_at)
                        SELECT gen_random_uuid(), 'ebay', n::text, 'https://e.x', CASE n % 2 WHEN 0 THEN 'Blue' ELSE 'Red' END,
                            1, 'USD', 'active', $1::timestamptz - n * interval '1 hour', $1::timestamptz - n * interval '1 hour'
                        FROM generate_series(0, 99) AS n
                        """, Tuple.of(NOW)));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private RulePreviewed preview(Limits limits, Duration perBatch) {
        return preview(List.of("blue"), limits, perBatch);
    }

    private RulePreviewed preview(List<String> keywords, Limits limits, Duration perBatch) {
        var elapsed = new AtomicLong();
        var preview = new RulePreview(
                new RuleFindingStore(node.database()),
                PollPlanner.from(node.node().settings()),
                limits,
                Clock.fixed(Instant.from(NOW), ZoneOffset.UTC),
                () -> elapsed.getAndAdd(perBatch.toNanos()));
        return TestNode.await(
                preview.of(UUID.randomUUID(), new RuleState("", Map.of("keywords", keywords), true, 600)));
    }

    @Test
    void batches_neither_skip_nor_repeat() {
        RulePreviewed all = preview(new Limits(Duration.ofDays(7), 1000, 7, Duration.ofMinutes(1)), Duration.ZERO);

        assertThat(all.looked()).isEqualTo(100);
        assertThat(all.matched()).isEqualTo(50);
        assertThat(all.stop()).isEqualTo(Stop.WINDOW);
        assertThat(all.since()).isEqualTo(NOW.minusDays(7));
        // 50 in the 99 hours since the first was seen.
        assertThat(all.perDay()).isEqualTo(12.12);
        assertThat(all.examples()).hasSize(5);
    }

    @Test
    void the_bound_of_listings_ends_it() {
        RulePreviewed cut = preview(new Limits(Duration.ofDays(7), 20, 7, Duration.ofMinutes(1)), Duration.ZERO);

        assertThat(cut.looked()).isEqualTo(20);
        assertThat(cut.matched()).isEqualTo(10);
        assertThat(cut.stop()).isEqualTo(Stop.ROWS);
        assertThat(cut.since()).isEqualTo(NOW.minusHours(19));
        assertThat(cut.perDay()).isEqualTo(Math.round(10 * 24 / 19.0 * 100) / 100.0);
    }

    @Test
    void the_bound_of_time_ends_it_after_a_batch() {
        RulePreviewed cut =
                preview(new Limits(Duration.ofDays(7), 1000, 10, Duration.ofSeconds(2)), Duration.ofSeconds(1));

        assertThat(cut.stop()).isEqualTo(Stop.TIME);
        assertThat(cut.looked()).isEqualTo(20);
    }

    @Test
    void the_window_bounds_it_too() {
        RulePreviewed narrow = preview(new Limits(Duration.ofHours(10), 1000, 7, Duration.ofMinutes(1)), Duration.ZERO);

        assertThat(narrow.looked()).isEqualTo(11);
        assertThat(narrow.stop()).isEqualTo(Stop.WINDOW);
        assertThat(narrow.perDay()).isEqualTo(14.4);
    }

    @Test
    void a_rule_of_thousands_of_keywords_looks_at_fewer_listings() {
        List<String> keywords =
                IntStream.range(0, 49_999).mapToObj(i -> "word" + i).toList();

        RulePreviewed cut =
                preview(keywords, new Limits(Duration.ofDays(7), 1000, 7, Duration.ofMinutes(1)), Duration.ZERO);

        assertThat(cut.looked()).isEqualTo(10);
        assertThat(cut.stop()).isEqualTo(Stop.ROWS);
    }
}
