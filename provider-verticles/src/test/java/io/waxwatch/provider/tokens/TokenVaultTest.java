package io.waxwatch.provider.tokens;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.secrets.LocalTokenCipher;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable.Reason;
import io.waxwatch.common.secrets.TokenCipher.Unreadable;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.provider.tokens.KmsStandIn.Mood;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenVaultTest {

    private static final byte[] DEVELOPMENT_KEY =
            "waxwatch development token key!!".getBytes(StandardCharsets.US_ASCII);
    private static final UUID ANN = UUID.randomUUID();
    private static final UUID BEN = UUID.randomUUID();
    private static final String TOKEN = "a token, and its secret";

    private final Vertx vertx = Vertx.vertx();
    private final KmsStandIn kms = KmsStandIn.start();
    private final Metrics metrics = new Metrics("test");
    private TokenVault vault;

    @BeforeEach
    void open() {
        vault = opened(kms.settings());
        // The look at the start is over.
        until(() -> vault.trouble().isEmpty());
    }

    @AfterEach
    void close() {
        await(vault.close());
        kms.close();
        await(vertx.close());
    }

    private TokenVault.Found found(String environment, Map<String, String> more) {
        var variables = new HashMap<>(Map.of(
                "ENVIRONMENT", environment,
                "DATABASE_URL", "postgresql://me:pw@localhost:5432/x",
                "DISCOGS_USER_AGENT", "WaxWatch/1.0",
                "DISCOGS_TOKEN", "t",
                "EBAY_CLIENT_ID", "i",
                "EBAY_CLIENT_SECRET", "s"));
        variables.putAll(more);
        Settings settings = Settings.load(variables, Role.PROVIDER);
        Optional<KmsOptions> hasty = KmsOptions.from(settings)
                .map(options -> options.waiting(
                        Duration.ofMillis(300), Duration.ofMillis(900), Duration.ofMillis(50), Duration.ofMillis(50)));
        return await(onLoop(() -> TokenVault.open(vertx, settings, hasty, metrics, "discogs")));
    }

    private TokenVault opened(Map<String, String> more) {
        return ((TokenVault.Usable) found("test", more)).vault();
    }

    private <T> Future<T> onLoop(Callable<Future<T>> step) {
        Promise<T> done = Promise.promise();
        vertx.runOnContext(go -> {
            try {
                step.call().onComplete(done);
            } catch (Exception failed) {
                done.fail(failed);
            }
        });
        return done.future();
    }

    private String seal(UUID owner) {
        return await(onLoop(() -> vault.cipher().seal(TOKEN, owner)));
    }

    private String open(String envelope, UUID owner) {
        return await(onLoop(() -> vault.cipher().open(envelope, owner)));
    }

    private Throwable refused(String envelope, UUID owner) {
        return catchThrowable(() -> open(envelope, owner));
    }

    /** With no data key in memory. */
    private void forget() {
        await(onLoop(() -> {
            ((KmsTokenCipher) vault.cipher()).close();
            return Future.succeededFuture();
        }));
    }

    private void until(BooleanSupplier holds) {
        eventually("the key is usable", 10_000, holds::getAsBoolean);
    }

    @Test
    void what_is_sealed_opens_again_with_the_wrapped_key_alone() {
        String envelope = seal(ANN);
        assertThat(envelope)
                .startsWith(await(onLoop(vault.cipher()::currentPrefix)))
                .startsWith("enc:v3:")
                .doesNotContain(TOKEN);
        forget();
        assertThat(open(envelope, ANN)).isEqualTo(TOKEN);
    }

    @Test
    void another_users_envelope_is_broken_for_this_one() {
        String envelope = seal(ANN);
        forget();
        assertThat(refused(envelope, BEN)).isInstanceOf(Unreadable.class);
    }

    /** Whether it is us who notice or the key service. */
    @Test
    void one_changed_character_is_noticed_wherever_it_is() {
        String envelope = seal(ANN);
        int from = envelope.lastIndexOf(':') + 1;
        for (int at = from; at < envelope.length() - 1; at += 7) {
            char other = envelope.charAt(at) == 'A' ? 'B' : 'A';
            String changed = envelope.substring(0, at) + other + envelope.substring(at + 1);
            assertThat(refused(changed, ANN)).as("at %d", at).isInstanceOf(Unreadable.class);
        }
        String elsewhere = envelope.replaceFirst("^enc:v3:.{8}", "enc:v3:00000000");
        assertThat(refused(elsewhere, ANN)).isInstanceOf(Unreadable.class);
    }

    @Test
    void a_crowd_asks_once_and_a_data_key_serves_a_bounded_number_of_times() {
        kms.asked().clear();
        String[] envelopes = new String[101];
        await(onLoop(() -> Future.all(IntStream.range(0, envelopes.length)
                        .mapToObj(i -> vault.cipher().seal(TOKEN, ANN).onSuccess(envelope -> envelopes[i] = envelope))
                        .toList())
                .mapEmpty()));
        assertThat(kms.asked()).containsExactly("GenerateDataKey", "GenerateDataKey");
        assertThat(envelopes).doesNotHaveDuplicates().doesNotContainNull();
    }

    @Test
    void what_the_local_key_sealed_still_opens_and_without_it_waits() {
        String local = await(new LocalTokenCipher(DEVELOPMENT_KEY).seal(TOKEN, ANN));
        assertThat(open(local, ANN)).isEqualTo(TOKEN);

        await(vault.close());
        vault = ((TokenVault.Usable) found("prod", kms.settings())).vault();
        assertThat(refused(local, ANN))
                .isInstanceOfSatisfying(
                        KeyUnavailable.class,
                        waits -> assertThat(waits.reason()).isEqualTo(Reason.GONE));
    }

    @Test
    void an_alias_that_moves_seals_with_the_new_key_and_opens_with_the_old_one() {
        String old = seal(ANN);
        forget();
        kms.move(KmsStandIn.OTHER_KEY);
        String prefix = await(onLoop(vault.cipher()::currentPrefix));
        assertThat(old).doesNotStartWith(prefix);
        assertThat(seal(ANN)).startsWith(prefix);
        assertThat(open(old, ANN)).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "SILENT, AWAY, AWAY",
        "GONE, AWAY, AWAY",
        "BROKEN, AWAY, AWAY",
        "THROTTLING, AWAY, AWAY",
        "DENYING, DENIED, DENIED",
        // Two codes for one thing: neither says that the token is broken.
        "DISABLED, GONE, DENIED",
        "PENDING_DELETION, GONE, GONE",
        "UNKNOWN_KEY, GONE, GONE"
    })
    void a_key_that_cannot_be_used_is_never_a_broken_token_and_comes_back(Mood mood, Reason sealing, Reason opening) {
        String envelope = seal(ANN);
        forget();
        kms.be(mood);

        assertThat(refused(envelope, ANN))
                .isInstanceOfSatisfying(
                        KeyUnavailable.class,
                        waits -> assertThat(waits.reason()).isEqualTo(opening));
        assertThat(catchThrowable(() -> seal(BEN)))
                .isInstanceOfSatisfying(
                        KeyUnavailable.class,
                        waits -> assertThat(waits.reason()).isEqualTo(sealing));
        assertThat(vault.trouble()).contains(sealing);
        assertThat(metrics.scrape()).contains("waxwatch_token_key_available{service=\"test\"} 0.0");

        kms.be(Mood.WELL);
        until(() -> vault.trouble().isEmpty());
        assertThat(open(envelope, ANN)).isEqualTo(TOKEN);
        assertThat(metrics.scrape()).contains("waxwatch_token_key_available{service=\"test\"} 1.0");
    }

    @Test
    void while_the_key_service_is_away_keys_in_memory_go_on() {
        String envelope = seal(ANN);
        assertThat(open(envelope, ANN)).isEqualTo(TOKEN);
        kms.be(Mood.GONE);
        assertThat(open(envelope, ANN)).isEqualTo(TOKEN);
        assertThat(open(seal(ANN), ANN)).isEqualTo(TOKEN);
    }

    @Test
    void a_start_does_not_need_the_key_service() {
        await(vault.close());
        kms.be(Mood.SILENT);
        vault = opened(kms.settings());
        assertThat(vault.trouble()).contains(Reason.AWAY);
        kms.be(Mood.WELL);
        until(() -> vault.trouble().isEmpty());
        assertThat(open(seal(ANN), ANN)).isEqualTo(TOKEN);
    }

    @Test
    void the_region_is_that_of_the_settings_or_of_the_arn_and_without_either_nothing_is_sealed() {
        assertThat(found("prod", Map.of("TOKEN_CRYPTO_KMS_KEY_ID", "alias/x")))
                .isEqualTo(new TokenVault.Missing("missing required config: token_crypto_kms_region"));
        var settings = new HashMap<>(kms.settings());
        settings.remove("TOKEN_CRYPTO_KMS_REGION");
        settings.put("TOKEN_CRYPTO_KMS_KEY_ID", KmsStandIn.KEY);
        await(vault.close());
        vault = opened(settings);
        assertThat(open(seal(ANN), ANN)).isEqualTo(TOKEN);
    }

    @Test
    void without_a_key_service_envelopes_of_one_wait_and_are_not_called_broken() {
        String envelope = seal(ANN);
        await(vault.close());
        vault = opened(Map.of());
        assertThat(refused(envelope, ANN)).isInstanceOf(KeyUnavailable.class);
        assertThat(TokenCipher.isEnvelope(envelope)).isTrue();
        assertThat(seal(ANN))
                .startsWith(await(onLoop(vault.cipher()::currentPrefix)))
                .startsWith("enc:v2:");
    }

    @Test
    void what_is_no_envelope_is_refused_without_asking() {
        kms.asked().clear();
        for (String text :
                List.of("enc:v3:", "enc:v3:k", "enc:v3:k:", "enc:v3:k:***", "enc:v3:k:AQ", body(2, 4), body(1, 0))) {
            assertThat(refused(text, ANN)).as(text).isInstanceOf(Unreadable.class);
        }
        assertThat(kms.asked()).isEmpty();
    }

    private static String body(int version, int length) {
        byte[] bytes = new byte[80];
        bytes[0] = (byte) version;
        bytes[2] = (byte) length;
        return "enc:v3:k:" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
