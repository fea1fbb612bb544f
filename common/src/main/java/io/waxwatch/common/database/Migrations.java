package io.waxwatch.common.database;

import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.InvalidSettings;
import org.flywaydb.core.Flyway;

/** The schema's history. Blocking: run it as its own step, or off the event loop. */
public final class Migrations {

    private final Flyway flyway;
    private final SchemaServer server;

    public Migrations(DatabaseAddress address) {
        this.server = new SchemaServer(address);
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
     * @throws InvalidSettings for a database that does not store text as UTF-8
     */
    public int migrate() {
        server.refuseOtherEncodings();
        int run = flyway.migrate().migrationsExecuted;
        server.analyse(run > 0);
        return run;
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
