package io.waxwatch.common.quarantine;

import io.vertx.pgclient.PgException;
import java.time.DateTimeException;
import java.util.Set;

/** Tells what lies in the data at hand, and comes back whenever they do, from what waiting mends. */
public final class BadData {

    /** SQLSTATE classes: a value that cannot be, and one that breaks a constraint. */
    private static final Set<String> CLASSES = Set.of("22", "23");
    /** Too long for an index. */
    private static final String TOO_LARGE = "54000";

    private static final int MAX_REASON = 300;

    private BadData() {}

    /** Whether the same data would fail again: PostgreSQL cannot store them, or they make our own code throw. */
    public static boolean isCauseOf(Throwable cause) {
        if (cause instanceof PgException pg) {
            String state = pg.getSqlState();
            return state != null
                    && (TOO_LARGE.equals(state) || (state.length() == 5 && CLASSES.contains(state.substring(0, 2))));
        }
        return cause instanceof IllegalArgumentException
                || cause instanceof ClassCastException
                || cause instanceof NullPointerException
                || cause instanceof ArithmeticException
                || cause instanceof IndexOutOfBoundsException
                || cause instanceof DateTimeException;
    }

    /** A short name of the kind of fault, of few values: the SQLSTATE, or the exception's class. */
    public static String kind(Throwable cause) {
        return cause instanceof PgException pg
                ? pg.getSqlState()
                : cause.getClass().getSimpleName();
    }

    /** What was wrong, for whoever looks at the row. */
    static String reason(Throwable cause) {
        String message = cause instanceof PgException pg ? pg.getErrorMessage() : cause.getMessage();
        String reason = kind(cause) + (message == null ? "" : " " + message.replace("\0", ""));
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
    }
}
