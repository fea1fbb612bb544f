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
}
