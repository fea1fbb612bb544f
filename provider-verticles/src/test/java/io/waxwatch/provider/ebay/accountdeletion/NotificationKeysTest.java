package io.waxwatch.provider.ebay.accountdeletion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NotificationKeysTest {

    private static PublicKey key;

    private final List<String> asked = new ArrayList<>();
    private long nanos;
    private Function<String, Future<PublicKey>> ebay = id -> Future.succeededFuture(key);
    private final NotificationKeys keys = new NotificationKeys(
            id -> {
                asked.add(id);
                return ebay.apply(id);
            },
            () -> nanos);

    @BeforeAll
    static void make() throws Exception {
        key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static Future<PublicKey> fails(Kind kind, ErrorType type) {
        return Future.failedFuture(ProviderFailure.of(kind, type, "no"));
    }

    @Test
    void a_key_is_asked_for_once_an_hour() {
        assertThat(keys.get("a").result()).isSameAs(key);
        pass(Duration.ofMinutes(59));
        assertThat(keys.get("a").result()).isSameAs(key);
        assertThat(asked).containsExactly("a");

        pass(Duration.ofMinutes(2));
        keys.get("a");
        assertThat(asked).containsExactly("a", "a");
    }

    @Test
    void those_who_ask_together_wait_for_one_answer() {
        Promise<PublicKey> answer = Promise.promise();
        ebay = id -> answer.future();
        Future<PublicKey> one = keys.get("a");
        Future<PublicKey> other = keys.get("a");

        answer.complete(key);

        assertThat(asked).containsExactly("a");
        assertThat(one.result()).isSameAs(key);
        assertThat(other.result()).isSameAs(key);
    }

    @Test
    void a_key_that_ebay_does_not_know_is_not_asked_for_again_for_five_minutes() {
        ebay = id -> fails(Kind.REJECTED, ErrorType.CLIENT_ERROR);
        assertThat(keys.get("a").cause()).isInstanceOf(NotificationKeys.Missing.class);
        ebay = id -> Future.succeededFuture(key);
        assertThat(keys.get("a").failed()).isTrue();

        pass(Duration.ofMinutes(6));

        assertThat(keys.get("a").result()).isSameAs(key);
    }

    @Test
    void an_ebay_that_is_away_is_asked_again_at_once() {
        ebay = id -> fails(Kind.UNAVAILABLE, ErrorType.SERVER_ERROR);
        assertThat(keys.get("a").cause()).isInstanceOf(NotificationKeys.Missing.class);
        ebay = id -> Future.succeededFuture(key);

        assertThat(keys.get("a").result()).isSameAs(key);
    }

    @Test
    void made_up_keys_cost_few_calls_a_minute_and_known_keys_stay_good() {
        keys.get("good");
        ebay = id -> fails(Kind.REJECTED, ErrorType.CLIENT_ERROR);
        for (int i = 0; i < 1000; i++) {
            keys.get("made-up-" + i);
        }
        assertThat(asked).hasSize(NotificationKeys.LOOKUPS_A_MINUTE);
        assertThat(keys.get("good").result()).isSameAs(key);

        pass(Duration.ofMinutes(1));
        keys.get("made-up-again");
        assertThat(asked).hasSize(NotificationKeys.LOOKUPS_A_MINUTE + 1);
    }
}
