package io.waxwatch.common.database;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.common.settings.DatabaseAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database that the reference has made, or has worked on between two times of ours. Blocking. */
final class ReferenceDatabase {

    private static final Logger log = LoggerFactory.getLogger(ReferenceDatabase.class);

    /** The newest revision of its Alembic history: the tables that {@code V1} describes. */
    static final String HEAD = "3b7a9d2e4c11";

    private static final String ADOPT = "make migrate ARGS=adopt";

    /** One adoption at a time, to the end of its transaction. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(1463900241)";

    private static final String SEES = "SELECT to_regclass('%s') IS NOT NULL";
    private static final String REVISIONS = "SELECT version_num FROM alembic_version ORDER BY 1";

    /** Nobody wants the mail of last month: it counts as seen, and was never delivered. */
    private static final String SETTLE_OLD_NEWS = """
            UPDATE notifications
            SET status = 'sent', is_read = true, read_at = coalesce(read_at, now()), updated_at = now()
            WHERE status = 'pending' AND created_at < now() - interval '1 day'
            """;

    /** Its money is binary: no number, endless, or more than our columns hold. What cannot be a price meets no cap. */
    private static final String TAME_PRICES = """
            UPDATE listings SET price = 999999999999.99
            WHERE price >= 1000000000000 OR price::text IN ('NaN', 'Infinity')
            """;

    private static final String TAME_SNAPSHOTS = """
            UPDATE price_snapshots SET price = 999999999999.99
            WHERE price >= 1000000000000 OR price::text IN ('NaN', 'Infinity')
            """;
    private static final String TAME_TARGETS = """
            UPDATE watch_releases SET target_price = NULL
            WHERE target_price >= 1000000000000 OR target_price <= -1000000000000
               OR target_price::text IN ('NaN', 'Infinity', '-Infinity')
            """;

    /** Its rules may have changed under our polls: a provider plans all anew when it starts. */
    private static final String FORGET_POLLS = "DELETE FROM polls";
    /** A revision without a change makes every index load anew. */
    private static final String DOUBT_INDEXES = "UPDATE watch_revision SET revision = revision + 1";

    private final Connection connection;
    private final DatabaseAddress address;

    ReferenceDatabase(Connection connection, DatabaseAddress address) {
        this.connection = connection;
        this.address = address;
    }

    /** Refuses a database that must be adopted before it is migrated, or that an earlier adoption of nothing has spoilt. */
    void refuseUnadopted() throws SQLException {
        boolean tables = sees("listings");
        boolean history = sees("flyway_schema_history");
        if (!history && (tables || sees("alembic_version"))) {
            throw new MigrationRefused("the database " + address.database()
                    + " holds the reference's tables; stop the reference, back it up, and adopt it once: " + ADOPT);
        }
        if (history && !tables && isTrue("SELECT EXISTS (SELECT FROM flyway_schema_history WHERE type = 'BASELINE')")) {
            throw new MigrationRefused(
                    "the database " + address.database()
                            + " was adopted while it was empty; if it still is, DROP TABLE flyway_schema_history and migrate again");
        }
    }

    /**
     * Puts in order, in the connection's transaction, what would stand in the way.
     *
     * @return whether version 1 has yet to be marked as done
     */
    boolean prepare() throws SQLException {
        execute(LOCK);
        boolean history = sees("flyway_schema_history");
        if (!sees("listings")) {
            throw new MigrationRefused("the database " + address.database()
                    + " holds no tables of the reference, so there is nothing to adopt; for a new one: make migrate");
        }
        if (!sees("alembic_version")) {
            if (history) {
                return false;
            }
            throw new MigrationRefused("the database " + address.database()
                    + " has no alembic_version, so nobody can tell whether its tables are the reference's newest; restore that"
                    + " table with them");
        }
        refuseOtherThanHead();
        if (sees("polls")) {
            int forgotten = execute(FORGET_POLLS);
            execute(DOUBT_INDEXES);
            log.info("adopt.again", kv("polls_to_plan", forgotten));
        } else {
            log.info(
                    "adopt.prepared",
                    kv("old_notifications_settled", execute(SETTLE_OLD_NEWS)),
                    kv("prices_tamed", execute(TAME_PRICES) + execute(TAME_SNAPSHOTS) + execute(TAME_TARGETS)));
        }
        return !history;
    }

    private void refuseOtherThanHead() throws SQLException {
        List<String> revisions = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(REVISIONS)) {
            while (rows.next()) {
                revisions.add(rows.getString(1));
            }
        }
        if (!revisions.equals(List.of(HEAD))) {
            throw new MigrationRefused("the database " + address.database() + " is at the reference's revision "
                    + (revisions.isEmpty() ? "none" : String.join(", ", revisions)) + ", and only its newest, " + HEAD
                    + ", can be adopted; upgrade it with the reference first: alembic upgrade head");
        }
    }

    private boolean sees(String table) throws SQLException {
        return isTrue(SEES.formatted(table));
    }

    private boolean isTrue(String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private int execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql) ? 0 : statement.getUpdateCount();
        }
    }
}
