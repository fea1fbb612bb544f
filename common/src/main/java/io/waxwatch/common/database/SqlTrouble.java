package io.waxwatch.common.database;

import io.waxwatch.common.settings.DatabaseAddress;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;

/** What went wrong between JDBC and PostgreSQL, in one line for whoever has to mend it. Names no password. */
final class SqlTrouble {

    private SqlTrouble() {}

    /** Whether it may be over in a moment: nobody listens yet, or the server is starting or stopping. */
    static boolean mayPass(SQLException failed) {
        return cause(failed, UnknownHostException.class).isEmpty()
                && (state(failed).startsWith("57P")
                        || state(failed).startsWith("08") && !state(failed).equals("08P01"));
    }

    static String text(Throwable failed, DatabaseAddress address) {
        String place = Database.place(address);
        if (cause(failed, UnknownHostException.class).isPresent()) {
            return "DATABASE_URL: there is no host " + address.host();
        }
        if (cause(failed, ConnectException.class).isPresent()
                || cause(failed, NoRouteToHostException.class).isPresent()) {
            return "DATABASE_URL: nobody listens at " + place + "; is PostgreSQL running?";
        }
        if (cause(failed, SocketTimeoutException.class).isPresent()) {
            return "DATABASE_URL: no answer from " + place;
        }
        SQLException sql = cause(failed, SQLException.class).orElse(null);
        if (sql == null) {
            return words(failed);
        }
        return switch (state(sql)) {
            case "28P01", "28000" ->
                "DATABASE_URL: PostgreSQL at " + place + " does not let user " + address.user() + " in: " + words(sql);
            case "3D000" ->
                "DATABASE_URL: PostgreSQL at " + place + " has no database " + address.database()
                        + "; create it: CREATE DATABASE \"" + address.database()
                        + "\" ENCODING 'UTF8' TEMPLATE template0";
            case "42501" ->
                "user " + address.user() + " may not do that in " + address.database() + ": " + words(sql)
                        + "; let it own the database, or GRANT CREATE ON SCHEMA public";
            default ->
                "PostgreSQL at " + place + ": " + words(sql)
                        + (state(sql).isEmpty() ? "" : " (SQL state " + state(sql) + ")");
        };
    }

    /** The server's own words if there are any, without where in which function they were said. */
    private static String words(Throwable failed) {
        if (failed instanceof PSQLException said && said.getServerErrorMessage() != null) {
            return said.getServerErrorMessage().getMessage();
        }
        String message = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
        return message.strip().lines().findFirst().orElse("");
    }

    private static String state(SQLException failed) {
        return failed.getSQLState() == null ? "" : failed.getSQLState();
    }

    /** The innermost of a kind. */
    private static <T extends Throwable> Optional<T> cause(Throwable failed, Class<T> kind) {
        Optional<T> found = Optional.empty();
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                found = Optional.of(kind.cast(each));
            }
        }
        return found;
    }
}
