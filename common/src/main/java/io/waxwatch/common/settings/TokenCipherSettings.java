package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.SettingType.fernetKey;
import static io.waxwatch.common.settings.SettingType.path;
import static io.waxwatch.common.settings.SettingType.text;

import java.nio.file.Path;

/** The settings of the encryption of stored tokens: constants that {@link SettingsCatalog} inherits. */
interface TokenCipherSettings {

    Setting<String> TOKEN_CRYPTO_KMS_KEY_ID = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_KMS_KEY_ID",
                    text(2048),
                    "Id of a key in a key service, kept for when one is supported; until then TOKEN_CRYPTO_LOCAL_KEY seals tokens.")
            .requiredInProductionBy(Role.PROVIDER)
            .build();

    Setting<Secret> TOKEN_CRYPTO_LOCAL_KEY = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_LOCAL_KEY",
                    fernetKey(),
                    "Key that seals stored Discogs tokens, 32 random bytes in URL-safe base64; without it, outside development, accounts cannot be linked.")
            .secretly()
            .build();

    Setting<Path> TOKEN_CRYPTO_LOCAL_KEY_PATH = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_LOCAL_KEY_PATH",
                    path(),
                    "File that holds such a key; read if TOKEN_CRYPTO_LOCAL_KEY is absent.")
            .build();
}
