package io.waxwatch.common.quarantine;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class QuarantineTest {

    private TestNode node;
    private Quarantine quarantine;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.PROVIDER);
        quarantine = node.quarantine();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private double counted(String source) {
        return node.node()
                .metrics()
                .registry()
                .get("waxwatch_quarantined_rows_total")
                .tag("source", source)
                .counter()
                .count();
    }

    @Test
    void a_row_is_kept_once_with_its_reason_and_counted_each_time() {
        assertThat(counted("listing")).as("before the first").isZero();

        for (int i = 0; i < 3; i++) {
            await(quarantine.put(
                    Source.LISTING,
                    "ebay v1|7|0",
                    null,
                    "{\"title\":\"\0\"}",
                    new IllegalArgumentException("no \0 price")));
        }

        var row = await(node.database()
                        .query("SELECT source, subject, reason, body, times FROM quarantined_rows", Tuple.tuple()))
                .iterator()
                .next();
        assertThat(row.getString(0)).isEqualTo("listing");
        assertThat(row.getString(1)).isEqualTo("ebay v1|7|0");
        assertThat(row.getString(2)).isEqualTo("IllegalArgumentException no  price");
        assertThat(row.getString(3)).isEqualTo("{\"title\":\"\"}");
        assertThat(row.getInteger(4)).isEqualTo(3);
        assertThat(node.count("SELECT count(*) FROM quarantined_rows")).isEqualTo(1);
        assertThat(counted("listing")).isEqualTo(3);
    }

    @Test
    void it_goes_with_its_user_and_one_of_a_user_who_is_gone_is_counted_only() {
        UUID user = node.user("a@example.com");
        await(quarantine.put(Source.IMPORT, user + " 7", user, "a record", new IllegalArgumentException("no")));
        assertThat(node.count("SELECT count(*) FROM quarantined_rows WHERE user_id = $1", user))
                .isEqualTo(1);

        await(node.database().query("DELETE FROM users WHERE id = $1", Tuple.of(user)));
        await(quarantine.put(Source.IMPORT, user + " 7", user, "a record", new IllegalArgumentException("no")));

        assertThat(node.count("SELECT count(*) FROM quarantined_rows")).isZero();
        assertThat(counted("import")).isEqualTo(2);
    }

    @Test
    void it_never_grows_beyond_its_bound_and_long_texts_are_cut() {
        await(node.database().query("""
                INSERT INTO quarantined_rows (source, subject, reason, times, first_seen_at, last_seen_at)
                SELECT 'call', i::text, 'no', 1, now(), now() FROM generate_series(1, 9999) AS i
                """, Tuple.tuple()));

        var cause = new IllegalArgumentException("n".repeat(5_000));
        await(quarantine.put(Source.MATCH, "m".repeat(5_000), null, "b".repeat(50_000), cause));
        await(quarantine.put(Source.MATCH, "one too many", null, null, cause));

        assertThat(node.count("SELECT count(*) FROM quarantined_rows")).isEqualTo(10_000);
        assertThat(node.count("SELECT length(body) FROM quarantined_rows WHERE source = 'match'"))
                .isEqualTo(8_000);
    }
}
