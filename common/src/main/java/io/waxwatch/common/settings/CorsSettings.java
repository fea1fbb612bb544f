package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.list;

import java.util.List;

/** The settings of cross-origin requests: constants that {@link SettingsCatalog} inherits. */
interface CorsSettings {

    Setting<List<String>> CORS_ALLOWED_ORIGINS = withDefault(
                    SettingGroup.CORS,
                    "CORS_ALLOWED_ORIGINS",
                    list(),
                    "[]",
                    "Origins whose pages may call the API, as a list; `*` allows all.")
            .build();

    Setting<List<String>> CORS_ALLOWED_METHODS = withDefault(
                    SettingGroup.CORS,
                    "CORS_ALLOWED_METHODS",
                    list(),
                    "GET,POST,PUT,PATCH,DELETE,OPTIONS",
                    "Methods such a page may use.")
            .build();

    Setting<List<String>> CORS_ALLOWED_HEADERS = withDefault(
                    SettingGroup.CORS,
                    "CORS_ALLOWED_HEADERS",
                    list(),
                    "Authorization,Cache-Control,Content-Type,Idempotency-Key,If-None-Match,Last-Event-ID,X-Request-ID",
                    "Request headers such a page may send, besides the safelisted ones.")
            .build();

    Setting<Boolean> CORS_ALLOW_CREDENTIALS = withDefault(
                    SettingGroup.CORS,
                    "CORS_ALLOW_CREDENTIALS",
                    bool(),
                    "false",
                    "Whether such a page may send cookies; not together with `*` in any of the three lists.")
            .build();
}
