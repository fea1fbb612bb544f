package io.waxwatch.common.database;

import io.waxwatch.common.settings.InvalidSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is looked at before the schema is changed, and done after it. Blocking. */
final class SchemaServer {

    static final String ENCODING = "SHOW server_encoding";

    /** Tables with rows, and whether PostgreSQL has never looked at them. */
    private static final String TABLES = """
            SELECT format('%I.%I', n.nspname, c.relname), c.reltuples < 0 FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname = current_schema() AND pg_relation_size(c.oid) > 0
            """;

    private SchemaServer() {}

    /** Refuses a database whose encoding cannot hold every title. */
    static void refuseOtherEncodings(Connection connection, String database) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet encoding = statement.executeQuery(ENCODING)) {
            encoding.next();
            refuseOtherThanUtf8(encoding.getString(1), database);
        }
    }

    /** @throws InvalidSettings with one line that says what to do */
    static void refuseOtherThanUtf8(String encoding, String database) {
        if (!"UTF8".equals(encoding)) {
            throw new InvalidSettings(List.of(new InvalidSettings.Fault(
                    "DATABASE_URL",
                    "the database " + database + " stores text as " + encoding
                            + ", which cannot hold every title; make one"
                            + " that can (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0) and name it here, after"
                            + " pg_dump and pg_restore if there is something to keep")));
        }
    }

    /**
     * Lets PostgreSQL look at the tables that it knows nothing of: autovacuum passes by one of a few rows for ever, and a
     * planner without statistics assumes thousands.
     *
     * @param all everything that has rows, for it may have been rewritten
     */
    static void analyse(Connection connection, boolean all) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    if (all || rows.getBoolean(2)) {
                        tables.add(rows.getString(1));
                    }
                }
            }
            for (String table : tables) {
                statement.execute("ANALYZE " + table);
            }
        }
    }
}
