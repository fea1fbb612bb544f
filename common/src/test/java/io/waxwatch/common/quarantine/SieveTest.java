package io.waxwatch.common.quarantine;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SieveTest {

    private final List<Integer> refused = new ArrayList<>();
    private int steps;

    private List<Integer> pass(List<Integer> items, List<Integer> bad) {
        List<List<Integer>> done = await(Sieve.pass(
                items,
                some -> {
                    steps++;
                    return some.stream().anyMatch(bad::contains)
                            ? Future.failedFuture(fault("23514"))
                            : Future.succeededFuture(List.copyOf(some));
                },
                (item, cause) -> {
                    refused.add(item);
                    return Future.succeededFuture();
                }));
        return done.stream().flatMap(List::stream).toList();
    }

    private static PgException fault(String sqlState) {
        return new PgException("no", "ERROR", sqlState, null);
    }

    @Test
    void what_is_bad_is_refused_and_all_the_rest_done_once_in_its_order() {
        List<Integer> items = IntStream.range(0, 200).boxed().toList();

        List<Integer> done = pass(items, List.of(0, 77, 78, 199));

        assertThat(refused).containsExactly(0, 77, 78, 199);
        assertThat(done)
                .containsExactlyElementsOf(
                        items.stream().filter(item -> !refused.contains(item)).toList());
        assertThat(steps).isLessThan(80);
    }

    @Test
    void all_may_be_bad_and_there_may_be_none() {
        assertThat(pass(List.of(1, 2, 3), List.of(1, 2, 3))).isEmpty();
        assertThat(refused).containsExactly(1, 2, 3);
        assertThat(pass(List.of(), List.of())).isEmpty();
    }

    @Test
    void work_may_throw_and_what_is_not_the_datas_fault_ends_it() {
        List<Object> done = await(Sieve.pass(
                List.of(1),
                some -> {
                    throw new IllegalArgumentException("no such currency");
                },
                (item, cause) -> {
                    refused.add(item);
                    return Future.succeededFuture();
                }));
        assertThat(done).isEmpty();
        assertThat(refused).containsExactly(1);

        Throwable cause = catchThrowable(() -> await(Sieve.pass(
                List.of(1, 2),
                some -> Future.failedFuture(fault("57P01")),
                (item, fault) -> Future.failedFuture("not asked"))));
        assertThat(cause).isInstanceOf(PgException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "22003", "22021", "22P02", "22P05", "23502", "23503", "23505", "23514", "54000"})
    void a_value_or_a_constraint_is_the_datas_fault(String sqlState) {
        assertThat(BadData.isCauseOf(fault(sqlState))).isTrue();
        assertThat(BadData.kind(fault(sqlState))).isEqualTo(sqlState);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"08006", "25006", "25P02", "40001", "40P01", "42P01", "53300", "55P03", "57014", "57P01", "XX000"
            })
    void what_waiting_or_a_programmer_mends_is_not(String sqlState) {
        assertThat(BadData.isCauseOf(fault(sqlState))).isFalse();
    }

    @Test
    void nor_are_connections_and_time_outs() {
        assertThat(BadData.isCauseOf(new VertxException("gone", true))).isFalse();
        assertThat(BadData.isCauseOf(new java.util.concurrent.TimeoutException()))
                .isFalse();
        assertThat(BadData.isCauseOf(new PgException("no", "ERROR", null, null)))
                .isFalse();
        assertThat(BadData.isCauseOf(new DateTimeException("no such zone"))).isTrue();
        assertThat(BadData.isCauseOf(new NullPointerException())).isTrue();
    }
}
