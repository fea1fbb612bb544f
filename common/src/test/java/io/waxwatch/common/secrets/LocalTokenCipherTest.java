package io.waxwatch.common.secrets;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.secrets.TokenCipher.Unreadable;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTokenCipherTest {

    private static final UUID ANN = UUID.randomUUID();
    private static final String TOKEN = "qZ3-a token with ümlaut";

    private final LocalTokenCipher cipher = new LocalTokenCipher(key(1));

    private static byte[] key(int fill) {
        byte[] key = new byte[LocalTokenCipher.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    @Test
    void what_is_sealed_opens_again_and_shows_only_version_and_key() {
        String envelope = await(cipher.seal(TOKEN, ANN));
        assertThat(envelope).startsWith("enc:v2:" + cipher.keyId() + ":").doesNotContain(TOKEN);
        assertThat(TokenCipher.isEnvelope(envelope)).isTrue();
        assertThat(TokenCipher.isEnvelope(TOKEN)).isFalse();
        assertThat(await(cipher.open(envelope, ANN))).isEqualTo(TOKEN);
    }

    @Test
    void sealing_the_same_twice_gives_nothing_alike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(await(cipher.seal(TOKEN, ANN)).substring(0, 30));
        }
        assertThat(seen).hasSize(100);
    }

    @Test
    void another_users_envelope_does_not_open() {
        String envelope = await(cipher.seal(TOKEN, ANN));
        refuses(envelope, UUID.randomUUID(), "unable to decrypt token envelope");
    }

    @Test
    void one_changed_character_is_noticed_wherever_it_is() {
        String envelope = await(cipher.seal(TOKEN, ANN));
        int from = envelope.lastIndexOf(':') + 1;
        // The last character may hold bits that mean nothing.
        for (int at = from; at < envelope.length() - 1; at++) {
            char other = envelope.charAt(at) == 'A' ? 'B' : 'A';
            refuses(
                    envelope.substring(0, at) + other + envelope.substring(at + 1),
                    ANN,
                    "unable to decrypt token envelope");
        }
    }

    @Test
    void another_key_is_named_as_the_reason() {
        refuses(await(new LocalTokenCipher(key(2)).seal(TOKEN, ANN)), ANN, "the token was sealed with another key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enc:", "enc:v9:k:AAAA", "enc:v2:", "enc:v2:x", "enc:v1:local-dev:!!", "enc:v1:x:gAAAAA"})
    void what_is_no_envelope_of_ours_is_refused(String envelope) {
        assertThatThrownBy(() -> await(cipher.open(envelope, ANN))).isInstanceOf(Unreadable.class);
    }

    @Test
    void broken_base64_is_malformed() {
        refuses("enc:v2:" + cipher.keyId() + ":***", ANN, "malformed encrypted token envelope");
        refuses("enc:v2:" + cipher.keyId() + ":AAAA", ANN, "malformed encrypted token envelope");
    }

    /** The vector of the Fernet specification; the label is an ARN, which the former system could not read back. */
    @Test
    void opens_what_the_former_system_sealed_with_the_same_key() {
        var fernet =
                new LocalTokenCipher(Base64.getUrlDecoder().decode("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="));
        String token =
                "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

        assertThat(await(fernet.open("enc:v1:arn:aws:kms:eu-west-1:1:key/2:" + token, ANN)))
                .isEqualTo("hello");
        refuses("enc:v1:local-dev:" + token, ANN, "unable to decrypt token envelope");
    }

    @Test
    void a_key_of_another_size_is_no_key() {
        assertThatThrownBy(() -> new LocalTokenCipher(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }

    private void refuses(String envelope, UUID owner, String message) {
        assertThatThrownBy(() -> await(cipher.open(envelope, owner)))
                .isInstanceOf(Unreadable.class)
                .hasMessage(message);
    }
}
