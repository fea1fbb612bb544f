package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.milliseconds;
import static io.waxwatch.common.settings.SettingType.pemFile;
import static io.waxwatch.common.settings.SettingType.redisUrl;

import java.nio.file.Path;
import java.time.Duration;

/** The settings of Redis: constants that {@link SettingsCatalog} inherits. */
interface RedisSettings {

    Setting<RedisAddress> REDIS_URL = withDefault(
                    SettingGroup.REDIS,
                    "REDIS_URL",
                    redisUrl(),
                    "redis://127.0.0.1:6379/0",
                    "Redis for rate limits and provider quotas, as redis://[[user]:password@]host:port/database, "
                            + "rediss:// for TLS, or redis+sentinel://[[user]:password@]host1,host2/mymaster/database "
                            + "(rediss+sentinel:// for TLS; ?sentinel_password= if theirs differs) behind Sentinel. Blank "
                            + "means off: every process then counts for itself.")
            .secretly()
            .offWhenBlank()
            .build();

    Setting<Path> REDIS_CA_FILE = optional(
                    SettingGroup.REDIS,
                    "REDIS_CA_FILE",
                    pemFile("CERTIFICATE"),
                    "PEM file of the authorities that may have signed Redis' certificate, for rediss://; the JVM's own if absent. The "
                            + "certificate must name the host.")
            .build();

    Setting<Duration> REDIS_TIMEOUT_MS = withDefault(
                    SettingGroup.REDIS,
                    "REDIS_TIMEOUT_MS",
                    milliseconds(10, 60000),
                    "250",
                    "Longest wait for an answer from Redis before the local fallback is used.")
            .build();
}
