package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.fraction;
import static io.waxwatch.common.settings.SettingType.list;
import static io.waxwatch.common.settings.SettingType.secretHttpUrl;
import static io.waxwatch.common.settings.SettingType.text;

import java.util.List;

/** The settings of error reporting: constants that {@link SettingsCatalog} inherits. */
interface ErrorReportingSettings {

    Setting<Secret> SENTRY_DSN = optional(
                    SettingGroup.ERROR_REPORTING, "SENTRY_DSN", secretHttpUrl(), "Where errors are reported.")
            .secretly()
            .reserved(ReservedBecause.NO_ERROR_REPORTS)
            .build();

    Setting<String> SENTRY_ENVIRONMENT = optional(
                    SettingGroup.ERROR_REPORTING,
                    "SENTRY_ENVIRONMENT",
                    text(40),
                    "Environment in those reports; ENVIRONMENT if absent.")
            .reserved(ReservedBecause.NO_ERROR_REPORTS)
            .build();

    Setting<List<String>> SENTRY_ENABLED_ENVIRONMENTS = withDefault(
                    SettingGroup.ERROR_REPORTING,
                    "SENTRY_ENABLED_ENVIRONMENTS",
                    list(),
                    "staging,prod",
                    "Environments that report errors.")
            .reserved(ReservedBecause.NO_ERROR_REPORTS)
            .build();

    Setting<Double> SENTRY_TRACES_SAMPLE_RATE = withDefault(
                    SettingGroup.ERROR_REPORTING,
                    "SENTRY_TRACES_SAMPLE_RATE",
                    fraction(0, 1),
                    "0.0",
                    "Share of requests that are traced.")
            .reserved(ReservedBecause.NO_ERROR_REPORTS)
            .build();
}
