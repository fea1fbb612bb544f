package io.waxwatch.common.secrets;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.waxwatch.common.secrets.TokenKeys.Found;
import io.waxwatch.common.secrets.TokenKeys.Missing;
import io.waxwatch.common.secrets.TokenKeys.Usable;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenKeysTest {

    private static final String KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final UUID ANN = UUID.randomUUID();

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private Found find(String environment, Map<String, String> more) {
        var variables = new HashMap<>(Map.of(
                "ENVIRONMENT", environment,
                "DATABASE_URL", "postgresql://me:pw@localhost:5432/x",
                "DISCOGS_USER_AGENT", "WaxWatch/1.0",
                "DISCOGS_TOKEN", "t",
                "EBAY_CLIENT_ID", "i",
                "EBAY_CLIENT_SECRET", "s",
                "TOKEN_CRYPTO_KMS_KEY_ID", "arn:aws:kms:x"));
        variables.putAll(more);
        return await(TokenKeys.find(vertx.fileSystem(), Settings.load(variables, Role.PROVIDER)));
    }

    private static String sealed(Found found) {
        return await(((Usable) found).cipher().seal("x", ANN));
    }

    private static String opened(Found found, String envelope) {
        return await(((Usable) found).cipher().open(envelope, ANN));
    }

    @Test
    void the_key_of_the_settings_is_the_same_as_that_of_a_file(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
        Found direct = find("prod", Map.of("TOKEN_CRYPTO_LOCAL_KEY", KEY));
        Found byFile = find("prod", Map.of("TOKEN_CRYPTO_LOCAL_KEY_PATH", file.toString()));

        assertThat(opened(byFile, sealed(direct))).isEqualTo("x");
    }

    @Test
    void a_development_environment_has_a_declared_key() {
        assertThat(opened(find("dev", Map.of()), sealed(find("test", Map.of()))))
                .isEqualTo("x");
    }

    @Test
    void production_without_a_key_has_none_and_says_why(@TempDir Path folder) throws IOException {
        assertThat(find("prod", Map.of())).isEqualTo(new Missing("missing required config: token_crypto_local_key"));
        assertThat(find("prod", Map.of("TOKEN_CRYPTO_LOCAL_KEY_PATH", folder + "/none")))
                .isEqualTo(new Missing("token_crypto_local_key_path names a file that cannot be read"));
        Path short16 = Files.writeString(folder.resolve("short"), "AAAAAAAAAAAAAAAAAAAAAA==");
        assertThat(find("prod", Map.of("TOKEN_CRYPTO_LOCAL_KEY_PATH", short16.toString())))
                .isEqualTo(new Missing(
                        "token_crypto_local_key_path names a file that holds no key of 32 bytes in base64"));
    }
}
