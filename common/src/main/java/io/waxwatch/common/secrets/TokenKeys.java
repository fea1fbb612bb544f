package io.waxwatch.common.secrets;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import io.waxwatch.common.settings.Secret;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Which key of this process's own seals stored tokens, or why none does. Fails closed: without a key nothing is stored. Where a key
 * service seals them, this key opens what was sealed before.
 */
public final class TokenKeys {

    /** Known to everybody who reads this: good for invented tokens, and used in development environments only. */
    private static final byte[] DEVELOPMENT_KEY =
            "waxwatch development token key!!".getBytes(StandardCharsets.US_ASCII);

    private TokenKeys() {}

    /** What there is. */
    public sealed interface Found {}

    /** A cipher to use. */
    public record Usable(TokenCipher cipher) implements Found {}

    /**
     * Nothing to use.
     *
     * @param reason for an operator and for the users who ask; names settings and no values
     */
    public record Missing(String reason) implements Found {}

    /**
     * The key of {@code TOKEN_CRYPTO_LOCAL_KEY}, else that in the file of {@code TOKEN_CRYPTO_LOCAL_KEY_PATH}, else, in a
     * development environment, a declared one.
     */
    public static Future<Found> find(FileSystem files, Settings settings) {
        if (settings.find(SettingsCatalog.TOKEN_CRYPTO_LOCAL_KEY).isPresent()) {
            return Future.succeededFuture(usable(settings.get(SettingsCatalog.TOKEN_CRYPTO_LOCAL_KEY)));
        }
        if (settings.find(SettingsCatalog.TOKEN_CRYPTO_LOCAL_KEY_PATH).isPresent()) {
            return read(files, settings.get(SettingsCatalog.TOKEN_CRYPTO_LOCAL_KEY_PATH));
        }
        if (settings.isDevelopment()) {
            return Future.succeededFuture(new Usable(new LocalTokenCipher(DEVELOPMENT_KEY)));
        }
        return Future.succeededFuture(new Missing("missing required config: token_crypto_local_key"));
    }

    private static Future<Found> read(FileSystem files, Path path) {
        return files.readFile(path.toString())
                .map(TokenKeys::fromFile)
                .otherwise(unreadable -> new Missing("token_crypto_local_key_path names a file that cannot be read"));
    }

    private static Found fromFile(Buffer content) {
        try {
            return usable(new Secret(content.toString(StandardCharsets.US_ASCII).strip()));
        } catch (IllegalArgumentException notAKey) {
            return new Missing("token_crypto_local_key_path names a file that holds no key of 32 bytes in base64");
        }
    }

    private static Found usable(Secret key) {
        byte[] bytes =
                Base64.getUrlDecoder().decode(key.reveal().replace('+', '-').replace('/', '_'));
        return new Usable(new LocalTokenCipher(bytes));
    }
}
