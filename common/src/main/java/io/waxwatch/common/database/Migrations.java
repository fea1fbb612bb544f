package io.waxwatch.common.database;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.common.failure.Backoff;
import io.waxwatch.common.settings.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema's history. Blocking: run it as its own step, or off the event loop. Works on PostgreSQL itself and through a
 * pooler in any mode that has two server connections for it: what Flyway holds while it works is the lock of a transaction, and
 * the driver gives no statement a name.
 */
public final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    /** A database that is starting is tried so often, for some 8 to 17 s. */
    private static final int CONNECT_TRIES = 6;

    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

    private static final int LOGIN_SECONDS = 20;
    /** How often a second process looks whether the first is done, once a second: a large table may take long. */
    private static final int LOCK_TRIES = 6 * 3600;
    /** Longest wait for a second connection, which Flyway needs, in seconds. */
    private static final int SECOND_CONNECTION_SECONDS = 10;

    /** Never named: a name is one of a server connection, which a pooler hands on. */
    private static final String UNNAMED = "&prepareThreshold=0&loginTimeout=" + LOGIN_SECONDS;
    /** The role's own limits are not meant for a migration. Poolers refuse the parameter. */
    private static final String UNLIMITED =
            "&options=-c%20statement_timeout%3D0%20-c%20idle_in_transaction_session_timeout%3D0";

    private static final String PROTOCOL_VIOLATION = "08P01";

    private final DatabaseAddress address;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private String parameters = UNNAMED + UNLIMITED;

    public Migrations(DatabaseAddress address) {
        this.address = address;
    }

    /**
     * Brings the schema up to date; safe to run from several processes at once (they wait for each other).
     *
     * @return how many migrations were run
     * @throws MigrationRefused if the database cannot be migrated as it is
     * @throws io.waxwatch.common.settings.InvalidSettings for a database that does not store text as UTF-8
     */
    public int migrate() {
        try (Connection connection = connect()) {
            SchemaServer.refuseOtherEncodings(connection, address.database());
            new ReferenceDatabase(connection, address).refuseUnadopted();
        } catch (SQLException failed) {
            throw refusal(failed);
        }
        int run = run(flyway -> flyway.migrate().migrationsExecuted);
        analyse(run > 0);
        return run;
    }

    /** Failing to is no failure of the migration. */
    private void analyse(boolean all) {
        try (Connection connection = connect()) {
            SchemaServer.analyse(connection, all);
        } catch (SQLException failed) {
            log.warn("migrate.not_analysed", kv("reason", SqlTrouble.text(failed, address)));
        }
    }

    /**
     * Adopts a database that already holds the reference's tables, or takes one back that the reference has worked on since: marks
     * version 1 as done, so that {@link #migrate()} adds only what came after, and puts in order what would stand in its way.
     *
     * @return false if it is ours already
     * @throws MigrationRefused if there is nothing to adopt, or nothing that can be
     */
    public boolean adopt() {
        boolean fresh;
        try (Connection connection = connect()) {
            SchemaServer.refuseOtherEncodings(connection, address.database());
            connection.setAutoCommit(false);
            fresh = new ReferenceDatabase(connection, address).prepare();
            connection.commit();
        } catch (SQLException failed) {
            throw refusal(failed);
        }
        if (fresh) {
            run(Flyway::baseline);
        }
        return fresh;
    }

    private interface Step<T> {
        T on(Flyway flyway);
    }

    private <T> T run(Step<T> step) {
        refuseOnlyOneConnection();
        try {
            return step.on(Flyway.configure()
                    .dataSource(address.jdbcUrl() + parameters, address.user(), address.password())
                    .locations("classpath:db/migration")
                    .baselineVersion("1")
                    .baselineDescription("adopted reference database")
                    .lockRetryCount(LOCK_TRIES)
                    .load());
        } catch (FlywayException failed) {
            throw failed.getMessage().startsWith("Found non-empty schema")
                    ? new MigrationRefused("the database " + address.database()
                            + " holds tables of something else, and WaxWatch needs a database of its own")
                    : refusal(failed);
        }
    }

    /** Waits for a server that is starting; whatever waiting does not mend is told at once. */
    private Connection connect() throws SQLException {
        for (int tried = 1; ; tried++) {
            try {
                return DriverManager.getConnection(address.jdbcUrl() + parameters, address.user(), address.password());
            } catch (SQLException failed) {
                if (PROTOCOL_VIOLATION.equals(failed.getSQLState()) && parameters.endsWith(UNLIMITED)) {
                    parameters = UNNAMED;
                } else if (tried >= CONNECT_TRIES || !SqlTrouble.mayPass(failed)) {
                    throw failed;
                } else {
                    Duration pause = PAUSES.equalJitter(tried, random);
                    log.info(
                            "migrate.waits",
                            kv("reason", SqlTrouble.text(failed, address)),
                            kv("pause_ms", pause.toMillis()));
                    rest(pause);
                }
            }
        }
    }

    /** Flyway holds its lock on one and migrates on the other: with one only it would wait for itself. */
    private void refuseOnlyOneConnection() {
        String url = address.jdbcUrl() + parameters + "&socketTimeout=" + SECOND_CONNECTION_SECONDS;
        try (Connection first = DriverManager.getConnection(url, address.user(), address.password())) {
            first.setAutoCommit(false);
            first.createStatement().execute("SELECT 1");
            try (Connection second = DriverManager.getConnection(url, address.user(), address.password())) {
                second.createStatement().execute("SELECT 1");
            } catch (SQLException failed) {
                throw new MigrationRefused(
                        "migrating needs two connections, and PostgreSQL at " + Database.place(address)
                                + " gave no second one within " + SECOND_CONNECTION_SECONDS + " s ("
                                + SqlTrouble.text(failed, address)
                                + "); raise the pooler's default_pool_size, or migrate with the server's own address");
            }
            first.rollback();
        } catch (SQLException failed) {
            throw refusal(failed);
        }
    }

    private MigrationRefused refusal(Exception failed) {
        return new MigrationRefused(SqlTrouble.text(failed, address));
    }

    private static void rest(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MigrationRefused("interrupted while waiting for PostgreSQL");
        }
    }
}
