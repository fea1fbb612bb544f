package io.waxwatch.common.database;

import io.waxwatch.common.settings.DatabaseAddress;
import org.flywaydb.core.Flyway;

/** The schema's history. Blocking: run it as its own step, or off the event loop. */
public final class Migrations {

    private final Flyway flyway;

    public Migrations(DatabaseAddress address) {
        this.flyway = Flyway.configure()
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:db/migration")
                .connectRetries(5)
                .load();
    }

    /**
     * Brings the schema up to date; safe to run from several processes at once (they wait for each other).
     *
     * @return how many migrations were run
     */
    public int migrate() {
        return flyway.migrate().migrationsExecuted;
    }

    /**
     * Adopts a database that already holds the reference's tables: marks version 1 as done, so that
     * {@link #migrate()} adds only what came after.
     */
    public void adopt() {
        Flyway.configure()
                .configuration(flyway.getConfiguration())
                .baselineVersion("1")
                .baselineDescription("adopted reference database")
                .load()
                .baseline();
    }
}
