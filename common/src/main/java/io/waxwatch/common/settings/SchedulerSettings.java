package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.seconds;

import java.time.Duration;

/** The settings of the scheduler: constants that {@link SettingsCatalog} inherits. */
interface SchedulerSettings {

    Setting<Duration> SCHEDULER_POLL_INTERVAL_SECONDS = withDefault(
                    SettingGroup.SCHEDULER,
                    "SCHEDULER_POLL_INTERVAL_SECONDS",
                    seconds(1, 3600),
                    "15",
                    "Longest time between two looks for due polls; the next due time may wake the scheduler earlier.")
            .build();

    Setting<Integer> SCHEDULER_BATCH_SIZE = withDefault(
                    SettingGroup.SCHEDULER,
                    "SCHEDULER_BATCH_SIZE",
                    integer(1, 10000),
                    "100",
                    "Most polls one claim takes.")
            .build();

    Setting<Duration> SCHEDULER_NEXT_RUN_JITTER_SECONDS = withDefault(
                    SettingGroup.SCHEDULER,
                    "SCHEDULER_NEXT_RUN_JITTER_SECONDS",
                    seconds(0, 3600),
                    "5",
                    "Random time added to the next due time after a success.")
            .build();

    Setting<Duration> SCHEDULER_FAILURE_RETRY_JITTER_SECONDS = withDefault(
                    SettingGroup.SCHEDULER,
                    "SCHEDULER_FAILURE_RETRY_JITTER_SECONDS",
                    seconds(0, 3600),
                    "5",
                    "Random time added to the next due time after a failure.")
            .build();

    Setting<Duration> SCHEDULER_LEASE_SECONDS = withDefault(
                    SettingGroup.SCHEDULER,
                    "SCHEDULER_LEASE_SECONDS",
                    seconds(2, 3600),
                    "60",
                    "A claimed poll that is not closed by then is handed out again.")
            .build();

    Setting<Integer> SCHEDULER_MAX_UNACKNOWLEDGED = withDefault(
                    SettingGroup.SCHEDULER,
                    "SCHEDULER_MAX_UNACKNOWLEDGED",
                    integer(1, 10000),
                    "64",
                    "Most polls of one provider that are out at once.")
            .build();

    Setting<Duration> EBAY_SWEEP_INTERVAL_SECONDS = withDefault(
                    SettingGroup.SCHEDULER,
                    "EBAY_SWEEP_INTERVAL_SECONDS",
                    seconds(1, 86400),
                    "120",
                    "Time between two sweeps of the newest listings of the eBay category.")
            .build();

    Setting<Duration> RELEASE_FLOOR_INTERVAL_SECONDS = withDefault(
                    SettingGroup.SCHEDULER,
                    "RELEASE_FLOOR_INTERVAL_SECONDS",
                    seconds(1, 604800),
                    "900",
                    "Shortest time between two looks at the lowest price of one watched Discogs release. Of many releases, or of one whose price does not move, each is looked at less often.")
            .build();
}
