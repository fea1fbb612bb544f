package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.SettingType.fernetKey;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.path;
import static io.waxwatch.common.settings.SettingType.text;

import java.net.URI;
import java.nio.file.Path;

/** The settings of the encryption of stored tokens: constants that {@link SettingsCatalog} inherits. */
interface TokenCipherSettings {

    Setting<String> TOKEN_CRYPTO_KMS_KEY_ID = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_KMS_KEY_ID",
                    text(2048),
                    "Key of AWS KMS that seals stored Discogs tokens: id, ARN or alias. TOKEN_CRYPTO_LOCAL_KEY then only opens older ones.")
            .requiredInProductionBy(Role.PROVIDER)
            .build();

    Setting<String> TOKEN_CRYPTO_KMS_REGION = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_KMS_REGION",
                    text(40),
                    "AWS region of that key; by default the one in its ARN.")
            .build();

    Setting<URI> TOKEN_CRYPTO_KMS_ENDPOINT_URL = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_KMS_ENDPOINT_URL",
                    httpUrl(),
                    "Other address of the KMS API: a private endpoint, or a stand-in for tests.")
            .build();

    Setting<Secret> TOKEN_CRYPTO_LOCAL_KEY = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_LOCAL_KEY",
                    fernetKey(),
                    "Key that seals stored Discogs tokens where no key service does, 32 random bytes in URL-safe base64; without either, outside development, accounts cannot be linked.")
            .secretly()
            .build();

    Setting<Path> TOKEN_CRYPTO_LOCAL_KEY_PATH = optional(
                    SettingGroup.TOKEN_CIPHER,
                    "TOKEN_CRYPTO_LOCAL_KEY_PATH",
                    path(),
                    "File that holds such a key; read if TOKEN_CRYPTO_LOCAL_KEY is absent.")
            .build();
}
