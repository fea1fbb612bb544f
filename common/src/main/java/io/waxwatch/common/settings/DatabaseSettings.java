package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.databaseUrl;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingTypes.pooling;

import java.time.Duration;
import java.util.EnumSet;

/** The settings of PostgreSQL: constants that {@link SettingsCatalog} inherits. */
interface DatabaseSettings {

    Setting<DatabaseAddress> DATABASE_URL = optional(
                    SettingGroup.DATABASE,
                    "DATABASE_URL",
                    databaseUrl(),
                    "PostgreSQL, as postgresql://user:password@host:5432/database?sslmode=require; postgres://, "
                            + "a driver suffix (postgresql+psycopg://), percent-encoding and unix sockets "
                            + "(?host=/var/run/postgresql) are understood. Standalone starts its own PostgreSQL if it is "
                            + "absent.")
            .secretly()
            .requiredBy(EnumSet.complementOf(EnumSet.of(Role.STANDALONE)))
            .build();

    Setting<DatabasePooling> DB_POOL = withDefault(
                    SettingGroup.DATABASE,
                    "DB_POOL",
                    pooling(),
                    "queue",
                    "`queue`: this process pools its connections, which are sessions of its own; `null`: PgBouncer or its "
                            + "like stands in between, so nothing is kept on a connection (docs/DATABASE.md has the recipe). "
                            + "A start with `queue` behind a pooler in transaction mode is refused.")
            .build();

    Setting<Integer> DATABASE_POOL_MAX_SIZE = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_POOL_MAX_SIZE",
                    integer(1, 1000),
                    "8",
                    "Most connections this process opens to PostgreSQL.")
            .build();

    Setting<Integer> DATABASE_POOL_MAX_WAITERS = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_POOL_MAX_WAITERS",
                    integer(1, 1000000),
                    "1000",
                    "Most callers that wait for a connection; the next one is refused at once.")
            .build();

    Setting<Duration> DATABASE_ACQUIRE_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_ACQUIRE_TIMEOUT_SECONDS",
                    seconds(1, 300),
                    "5",
                    "Longest wait for a free connection.")
            .build();

    Setting<Duration> DATABASE_CONNECT_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_CONNECT_TIMEOUT_SECONDS",
                    seconds(1, 300),
                    "5",
                    "Longest wait while a connection is opened, and for each answer of the check at start.")
            .build();

    Setting<Duration> DATABASE_STATEMENT_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_STATEMENT_TIMEOUT_SECONDS",
                    seconds(1, 3600),
                    "15",
                    "Longest run of one statement. Five seconds later we stop waiting for a server that has said nothing, and close "
                            + "the connection.")
            .build();

    Setting<Duration> DATABASE_TRANSACTION_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_TRANSACTION_TIMEOUT_SECONDS",
                    seconds(1, 3600),
                    "300",
                    "Longest a transaction may hold its connection; then the connection is closed and the work refused. "
                            + "Reading every watch of a very large database at start is one transaction. Migrations have no limit.")
            .build();

    Setting<Duration> DATABASE_IDLE_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.DATABASE,
                    "DATABASE_IDLE_TIMEOUT_SECONDS",
                    seconds(1, 86400),
                    "600",
                    "A pooled connection unused for so long is closed.")
            .build();
}
