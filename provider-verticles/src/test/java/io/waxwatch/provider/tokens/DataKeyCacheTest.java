package io.waxwatch.provider.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.provider.tokens.DataKeyCache.Id;
import io.waxwatch.provider.tokens.DataKeyCache.Limits;
import io.waxwatch.provider.tokens.KeyService.DataKey;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DataKeyCacheTest {

    private static final Id ANN = Id.sealing(UUID.randomUUID());
    private static final Id BEN = Id.sealing(UUID.randomUUID());
    private static final Id CAY = Id.sealing(UUID.randomUUID());

    private long now;
    private final DataKeyCache cache = new DataKeyCache(new Limits(2, 3, Duration.ofSeconds(10)), () -> now);

    private static DataKey key() {
        return new DataKey(new byte[] {1, 2, 3}, new byte[] {4}, "name");
    }

    private boolean has(Id id) {
        return cache.use(id, key -> true).orElse(false);
    }

    @Test
    void a_key_that_was_used_up_leaves_and_is_wiped() {
        DataKey key = key();
        cache.put(ANN, key);
        for (int use = 0; use < 3; use++) {
            assertThat(cache.use(ANN, used -> used.plain()[0])).contains((byte) 1);
        }
        assertThat(has(ANN)).isFalse();
        assertThat(key.plain()).containsOnly(0);
    }

    @Test
    void a_use_that_fails_counts() {
        cache.put(ANN, key());
        for (int use = 0; use < 3; use++) {
            try {
                cache.use(ANN, used -> {
                    throw new IllegalStateException();
                });
            } catch (IllegalStateException expected) {
                assertThat(cache.size()).isEqualTo(use < 2 ? 1 : 0);
            }
        }
        assertThat(has(ANN)).isFalse();
    }

    @Test
    void an_old_key_leaves_and_is_wiped_also_when_nobody_asks_for_it() {
        DataKey key = key();
        cache.put(ANN, key);
        now = Duration.ofSeconds(10).toNanos() - 1;
        assertThat(has(ANN)).isTrue();
        now++;
        cache.purge();
        assertThat(cache.size()).isZero();
        assertThat(key.plain()).containsOnly(0);
    }

    @Test
    void the_one_unused_for_longest_makes_room_and_is_wiped() {
        DataKey first = key();
        DataKey second = key();
        cache.put(ANN, first);
        cache.put(BEN, second);
        assertThat(has(ANN)).isTrue();
        cache.put(CAY, key());
        assertThat(second.plain()).containsOnly(0);
        assertThat(first.plain()).startsWith(1);
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void one_that_is_replaced_and_all_at_the_end_are_wiped() {
        DataKey before = key();
        DataKey after = key();
        cache.put(ANN, before);
        cache.put(ANN, after);
        assertThat(before.plain()).containsOnly(0);
        assertThat(after.plain()).startsWith(1);
        cache.clear();
        assertThat(after.plain()).containsOnly(0);
    }
}
