package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.seconds;

import java.time.Duration;

/** The settings of rules and users: constants that {@link SettingsCatalog} inherits. */
interface RuleSettings {

    Setting<Boolean> DEV_AUTO_CREATE_USERS = withDefault(
                    SettingGroup.RULES,
                    "DEV_AUTO_CREATE_USERS",
                    bool(),
                    "true",
                    "Whether a valid token without a user row makes one; false answers 401.")
            .build();

    Setting<Boolean> DEV_BACKFILL_ON_RULE_CHANGE = withDefault(
                    SettingGroup.RULES,
                    "DEV_BACKFILL_ON_RULE_CHANGE",
                    bool(),
                    "true",
                    "Whether a new rule is matched against the listings already stored.")
            .build();

    Setting<Integer> DEV_BACKFILL_DAYS = withDefault(
                    SettingGroup.RULES,
                    "DEV_BACKFILL_DAYS",
                    integer(1, 3650),
                    "7",
                    "How many days back that match looks.")
            .build();

    Setting<Integer> DEV_BACKFILL_LIMIT = withDefault(
                    SettingGroup.RULES,
                    "DEV_BACKFILL_LIMIT",
                    integer(1, 100000),
                    "500",
                    "Most listings that match looks at.")
            .build();

    Setting<Duration> RULE_MIN_POLL_INTERVAL_SECONDS = withDefault(
                    SettingGroup.RULES,
                    "RULE_MIN_POLL_INTERVAL_SECONDS",
                    seconds(1, 86400),
                    "30",
                    "Shortest poll interval a rule may ask for.")
            .build();

    Setting<Duration> RULE_MAX_POLL_INTERVAL_SECONDS = withDefault(
                    SettingGroup.RULES,
                    "RULE_MAX_POLL_INTERVAL_SECONDS",
                    seconds(1, 604800),
                    "86400",
                    "Longest poll interval a rule may ask for.")
            .build();

    Setting<Integer> RULES_MAX_PER_USER = withDefault(
                    SettingGroup.RULES,
                    "RULES_MAX_PER_USER",
                    integer(1, 1_000_000),
                    "500",
                    "Most rules of one user, resting ones included; one more is refused with 409.")
            .build();

    Setting<Integer> RULE_QUERIES_MAX_PER_USER = withDefault(
                    SettingGroup.RULES,
                    "RULE_QUERIES_MAX_PER_USER",
                    integer(1, 1_000_000),
                    "250",
                    "Most different queries that marketplaces are asked for one user's active rules; rules of the same words share one.")
            .build();

    Setting<Integer> WATCH_RELEASES_MAX_PER_USER = withDefault(
                    SettingGroup.RULES,
                    "WATCH_RELEASES_MAX_PER_USER",
                    integer(1, 10_000_000),
                    "50000",
                    "Most watch releases of one user, resting and imported ones included; one more is refused with 409, and an import ends there.")
            .build();
}
