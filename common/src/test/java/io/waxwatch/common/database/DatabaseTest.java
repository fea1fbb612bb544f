package io.waxwatch.common.database;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
final class DatabaseTest {

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(Role.PROVIDER, Map.of("DATABASE_POOL_MAX_SIZE", "4"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void tells_how_much_of_the_pool_is_in_use() {
        String busy = await(node.database()
                .withConnection(held -> node.database()
                        .withConnection(also ->
                                Future.succeededFuture(node.node().metrics().scrape()))));

        assertThat(busy).contains("waxwatch_db_connection_utilization{service=\"test\"} 0.5");
        assertThat(node.node().metrics().scrape()).contains("waxwatch_db_connection_utilization{service=\"test\"} 0.0");
    }

    @Test
    void does_a_transaction_again_that_was_undone() {
        var tries = new AtomicInteger();

        int done = await(node.database()
                .repeatedTransaction(connection -> tries.incrementAndGet() < 3
                        ? raise(connection, "40P01")
                        : Future.succeededFuture(tries.get())));

        assertThat(done).isEqualTo(3);
    }

    @Test
    void gives_up_a_transaction_that_is_undone_time_and_again() {
        var tries = new AtomicInteger();

        assertThatThrownBy(() -> await(node.database().repeatedTransaction(connection -> {
                    tries.incrementAndGet();
                    return raise(connection, "40001");
                })))
                .isInstanceOf(PgException.class);
        assertThat(tries).hasValue(3);
    }

    @Test
    void does_not_repeat_what_failed_for_another_reason() {
        var tries = new AtomicInteger();

        assertThatThrownBy(() -> await(node.database().repeatedTransaction(connection -> {
                    tries.incrementAndGet();
                    return raise(connection, "23505");
                })))
                .isInstanceOf(PgException.class);
        assertThat(tries).hasValue(1);
    }

    private static Future<Integer> raise(SqlConnection connection, String sqlState) {
        return connection
                .preparedQuery("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '" + sqlState + "'; END $$")
                .execute(Tuple.tuple())
                .map(0);
    }
}
