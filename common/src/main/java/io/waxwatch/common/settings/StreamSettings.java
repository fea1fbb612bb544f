package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.seconds;

import java.time.Duration;

/** The settings of the event stream: constants that {@link SettingsCatalog} inherits. */
interface StreamSettings {

    Setting<Duration> STREAM_HEARTBEAT_SECONDS = withDefault(
                    SettingGroup.STREAM,
                    "STREAM_HEARTBEAT_SECONDS",
                    seconds(1, 300),
                    "4",
                    "A silent stream sends a comment this often. Widely used readers give a stream up after five silent seconds.")
            .build();

    Setting<Integer> STREAM_MAX_PER_USER = withDefault(
                    SettingGroup.STREAM,
                    "STREAM_MAX_PER_USER",
                    integer(1, 10000),
                    "10",
                    "Most open streams of one collector; the oldest gives way.")
            .build();

    Setting<Integer> STREAM_BUFFER_BYTES = withDefault(
                    SettingGroup.STREAM,
                    "STREAM_BUFFER_BYTES",
                    integer(1024, 16777216),
                    "65536",
                    "Unsent bytes after which a slow stream is ended; the client resumes by Last-Event-ID.")
            .build();
}
