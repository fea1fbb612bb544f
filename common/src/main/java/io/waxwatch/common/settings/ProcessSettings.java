package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.listenPort;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.text;
import static io.waxwatch.common.settings.SettingTypes.environmentName;
import static io.waxwatch.common.settings.SettingTypes.logLevel;

import java.time.Duration;
import org.slf4j.event.Level;

/** The settings of the process itself: constants that {@link SettingsCatalog} inherits. */
interface ProcessSettings {

    Setting<String> APP_NAME = withDefault(
                    SettingGroup.PROCESS,
                    "APP_NAME",
                    text(100),
                    "watch-wax-api",
                    "Name of the API in its OpenAPI document.")
            .build();

    Setting<String> ENVIRONMENT = withDefault(
                    SettingGroup.PROCESS,
                    "ENVIRONMENT",
                    environmentName(),
                    "dev",
                    "`dev`, `test` and `local` open the development routes; any other value counts as "
                            + "production and starts only with every required setting.")
            .build();

    Setting<Level> LOG_LEVEL = withDefault(
                    SettingGroup.PROCESS, "LOG_LEVEL", logLevel(), "INFO", "Least severe log level that is written.")
            .build();

    Setting<Boolean> JSON_LOGS = withDefault(
                    SettingGroup.PROCESS,
                    "JSON_LOGS",
                    bool(),
                    "true",
                    "One JSON object a log line; false writes lines for people.")
            .build();

    Setting<String> NODE_NAME = optional(
                    SettingGroup.PROCESS,
                    "NODE_NAME",
                    text(100),
                    "Name of this process in its log lines; left out if absent.")
            .build();

    Setting<String> MANAGEMENT_HOST = withDefault(
                    SettingGroup.PROCESS,
                    "MANAGEMENT_HOST",
                    text(253),
                    "127.0.0.1",
                    "Address of the management port. Where probes and Prometheus come from elsewhere, name the one that they "
                            + "reach: in Kubernetes the pod's own (`status.podIP`), never every interface.")
            .build();

    Setting<Integer> MANAGEMENT_PORT = withDefault(
                    SettingGroup.PROCESS,
                    "MANAGEMENT_PORT",
                    listenPort(),
                    "9000",
                    "Management port: /metrics, /healthz and /readyz of every service, and of the gateway where /metrics is not "
                            + "on its public port; 0 takes a free one.")
            .build();

    Setting<Boolean> METRICS_ON_PUBLIC_PORT = optional(
                    SettingGroup.PROCESS,
                    "METRICS_ON_PUBLIC_PORT",
                    bool(),
                    "Whether the gateway shows /metrics to whoever reaches its API, rather than on the management port. Absent: in "
                            + "development only.")
            .build();

    Setting<Duration> STARTUP_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.PROCESS,
                    "STARTUP_TIMEOUT_SECONDS",
                    seconds(0, 86400),
                    "120",
                    "How long a service that cannot start, because the database or another thing it needs is away, tries each step again "
                            + "before it ends with exit code 1; 0 ends it at once.")
            .build();

    Setting<Duration> SHUTDOWN_GRACE_SECONDS = withDefault(
                    SettingGroup.PROCESS,
                    "SHUTDOWN_GRACE_SECONDS",
                    seconds(1, 600),
                    "20",
                    "How long an ordered stop may take before what is left is cut off.")
            .build();
}
