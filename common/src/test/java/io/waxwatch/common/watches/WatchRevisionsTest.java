package io.waxwatch.common.watches;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class WatchRevisionsTest {

    private final WatchRevisions revisions = new WatchRevisions();
    private TestNode node;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.GATEWAY);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Future<Long> record(Future<Void> commitWhen) {
        return node.database()
                .transaction(connection -> revisions
                        .record(connection, WatchKind.RULE, List.of(UUID.randomUUID()))
                        .compose(revision -> commitWhen.map(revision)));
    }

    private void eventuallyOneLock(String what, String state) {
        TestNode.eventually(
                what,
                30_000,
                () -> node.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND " + state
                                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                        == 1);
    }

    @Test
    void several_changes_of_one_transaction_are_numbered_without_a_gap() {
        Long revision = await(node.database()
                .transaction(connection -> revisions.record(
                        connection, WatchKind.RELEASE, List.of(UUID.randomUUID(), UUID.randomUUID()))));

        assertThat(revision).isEqualTo(2);
        assertThat(node.count("SELECT sum(revision)::bigint FROM watch_changes WHERE kind = 'release'"))
                .isEqualTo(3);
    }

    @Test
    void a_later_number_is_never_visible_before_an_earlier_one() {
        Promise<Void> slowCommit = Promise.promise();
        Future<Long> first = record(slowCommit.future());
        eventuallyOneLock("the first writer holds the lock", "granted");
        Future<Long> second = record(Future.succeededFuture());
        eventuallyOneLock("the second writer waits", "NOT granted");

        assertThat(node.count("SELECT count(*) FROM watch_changes")).isZero();
        assertThat(second.isComplete()).isFalse();
        slowCommit.complete();

        assertThat(await(first)).isEqualTo(1);
        assertThat(await(second)).isEqualTo(2);
    }

    @Test
    void a_writer_waits_for_ingests_in_flight_and_ingests_do_not_wait_for_each_other() {
        Promise<Void> ingestEnds = Promise.promise();
        Future<Void> ingest = node.database()
                .transaction(connection -> revisions.hold(connection).compose(held -> ingestEnds.future()));
        eventuallyOneLock("the ingest holds the lock", "granted");
        await(node.database().transaction(connection -> revisions.hold(connection)));
        Future<Long> writer = record(Future.succeededFuture());
        eventuallyOneLock("the writer waits", "NOT granted");

        assertThat(writer.isComplete()).isFalse();
        ingestEnds.complete();

        await(ingest);
        assertThat(await(writer)).isEqualTo(1);
    }

    private Future<Void> announce(UUID id, Future<Void> commitWhen) {
        return node.database()
                .transaction(connection ->
                        revisions.announce(connection, WatchKind.RULE, id, true).compose(announced -> commitWhen));
    }

    private long revisionOf(UUID id) {
        return node.count("SELECT coalesce(max(revision), 0) FROM watch_changes WHERE subject_id = $1", id);
    }

    private boolean backfillIsDue(UUID id) {
        return node.count("SELECT count(*) FROM first_looks WHERE subject_id = $1 AND next_due <= now()", id) == 1;
    }

    @Test
    void an_announced_change_counts_once_it_is_numbered_and_only_then_its_backfill_is_due() {
        UUID id = UUID.randomUUID();
        await(announce(id, Future.succeededFuture()));
        assertThat(revisionOf(id)).isZero();
        assertThat(backfillIsDue(id)).isFalse();

        assertThat(await(revisions.number(node.database()))).isEqualTo(1);

        assertThat(revisionOf(id)).isEqualTo(1);
        assertThat(backfillIsDue(id)).isTrue();
        assertThat(await(revisions.number(node.database())))
                .as("nothing is left")
                .isEqualTo(1);
    }

    @Test
    void a_change_that_commits_late_is_numbered_late_and_holds_up_no_other() {
        UUID slow = UUID.randomUUID();
        UUID quick = UUID.randomUUID();
        Promise<Void> commits = Promise.promise();
        Future<Void> late = announce(slow, commits.future());
        await(announce(quick, Future.succeededFuture()));

        assertThat(await(revisions.number(node.database()))).isEqualTo(1);
        assertThat(revisionOf(quick)).isEqualTo(1);
        commits.complete();
        await(late);
        await(revisions.sweep(node.database()));

        assertThat(revisionOf(slow)).isEqualTo(2);
    }

    @Test
    void of_an_ingest_in_flight_only_the_numbering_waits() {
        Promise<Void> ingestEnds = Promise.promise();
        Future<Void> ingest = node.database()
                .transaction(connection -> revisions.hold(connection).compose(held -> ingestEnds.future()));
        eventuallyOneLock("the ingest holds the lock", "granted");
        UUID id = UUID.randomUUID();

        await(announce(id, Future.succeededFuture()));
        Future<Long> numbered = revisions.number(node.database());
        eventuallyOneLock("the numbering waits", "NOT granted");

        assertThat(numbered.isComplete()).isFalse();
        assertThat(backfillIsDue(id)).isFalse();
        ingestEnds.complete();
        await(ingest);
        assertThat(await(numbered)).isEqualTo(1);
        assertThat(backfillIsDue(id)).isTrue();
    }

    @Test
    void more_than_one_batch_is_numbered_without_a_gap() {
        await(node.database()
                .query(
                        "INSERT INTO announced_watches (kind, subject_id, backfill)"
                                + " SELECT 'release', gen_random_uuid(), n % 2 = 0 FROM generate_series(1, 1200) AS n",
                        io.vertx.sqlclient.Tuple.tuple()));

        assertThat(await(revisions.number(node.database()))).isEqualTo(1200);

        assertThat(node.count("SELECT count(DISTINCT revision) FROM watch_changes WHERE revision BETWEEN 1 AND 1200"))
                .isEqualTo(1200);
        assertThat(node.count("SELECT count(*) FROM first_looks")).isEqualTo(600);
        assertThat(node.count("SELECT count(*) FROM announced_watches")).isZero();
    }
}
