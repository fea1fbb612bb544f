package io.waxwatch.gateway.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShortLivedCacheTest {

    private final ShortLivedCache<String, Integer> reads = new ShortLivedCache<>(100, Duration.ofHours(1));

    @Test
    void keeps_what_was_read_until_it_is_forgotten() {
        reads.keep("ann", 1, reads.begin());
        assertThat(reads.find("ann")).contains(1);
        reads.forget("ann");
        assertThat(reads.find("ann")).isEmpty();
        reads.keep("ann", 2, reads.begin());
        assertThat(reads.find("ann")).contains(2);
    }

    @Test
    void what_was_forgotten_while_it_was_read_is_not_kept() {
        long begun = reads.begin();
        reads.forget("ann");
        reads.keep("ann", 1, begun);
        assertThat(reads.find("ann")).isEmpty();
    }

    @Test
    void a_younger_reading_survives_an_older_one_that_ends_later() {
        long begun = reads.begin();
        reads.forget("ann");
        reads.keep("ann", 2, reads.begin());
        reads.keep("ann", 1, begun);
        assertThat(reads.find("ann")).contains(2);
    }

    @Test
    void however_they_meet_no_reading_of_before_a_change_is_left_after_it() throws Exception {
        var stored = new AtomicInteger();
        var together = new CyclicBarrier(2);
        var reader = new Thread(() -> {
            for (int i = 1; i <= 20_000; i++) {
                meet(together);
                long begun = reads.begin();
                reads.keep("ann", stored.get(), begun);
                meet(together);
            }
        });
        reader.start();
        for (int i = 1; i <= 20_000; i++) {
            meet(together);
            stored.set(i);
            reads.forget("ann");
            meet(together);
            assertThat(reads.find("ann").orElse(i)).isEqualTo(i);
        }
        reader.join();
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
