package io.waxwatch.common.failure;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.pgclient.PgException;
import java.util.Set;

/** A failure of a known kind, with a text that is safe to show to the caller. */
public final class Failure extends RuntimeException {

    /** SQLSTATEs that mean "the database is away or overloaded", not "the statement is wrong". */
    private static final Set<String> UNAVAILABLE_STATES =
            Set.of("57014", "57P01", "57P02", "57P03", "55P03", "40001", "40P01", "25P03");
    /** The classes: connections, and resources such as a full disk. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53");

    private static final String READ_ONLY = "25006";

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    public Failure(FailureKind kind, String publicText) {
        this(kind, publicText, null);
    }

    public Failure(FailureKind kind, String publicText, Throwable cause) {
        // No stack trace: a failure is an expected outcome; its cause, if any, carries one.
        super(publicText, cause, false, false);
        this.kind = kind;
    }

    public FailureKind kind() {
        return kind;
    }

    /** Whether a question on the bus found nobody who serves it. */
    public boolean isUnanswered() {
        return getCause() instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    /**
     * What kind of failure {@code cause} is: our own kind, a bus reply, a database fault; anything unknown is
     * {@link FailureKind#INTERNAL} with a text that gives nothing away.
     */
    public static Failure of(Throwable cause) {
        if (cause instanceof Failure failure) {
            return failure;
        }
        if (cause instanceof ReplyException reply) {
            return ofReply(reply);
        }
        if (cause instanceof PgException pg && READ_ONLY.equals(pg.getSqlState())) {
            return new Failure(
                    FailureKind.UNAVAILABLE, "the database takes no changes right now, please retry shortly", cause);
        }
        if (cause instanceof PgException pg && !isUnavailable(pg.getSqlState())) {
            return new Failure(FailureKind.INTERNAL, "db error", cause);
        }
        if (isConnectionTrouble(cause)) {
            return new Failure(FailureKind.UNAVAILABLE, "the database is away, please retry shortly", cause);
        }
        return new Failure(FailureKind.INTERNAL, "internal error", cause);
    }

    private static Failure ofReply(ReplyException reply) {
        return switch (reply.failureType()) {
            case NO_HANDLERS -> new Failure(FailureKind.UNAVAILABLE, "nobody serves this request right now", reply);
            case TIMEOUT -> new Failure(FailureKind.TIMEOUT, "no answer in time", reply);
            case RECIPIENT_FAILURE -> new Failure(FailureKind.ofCode(reply.failureCode()), reply.getMessage(), reply);
            default -> new Failure(FailureKind.INTERNAL, "internal error", reply);
        };
    }

    private static boolean isUnavailable(String sqlState) {
        return sqlState != null
                && (UNAVAILABLE_STATES.contains(sqlState)
                        || (sqlState.length() == 5 && UNAVAILABLE_CLASSES.contains(sqlState.substring(0, 2))));
    }

    private static boolean isConnectionTrouble(Throwable cause) {
        if (cause instanceof PgException) {
            return true;
        }
        return cause instanceof java.io.IOException
                || cause instanceof io.vertx.core.VertxException
                || cause instanceof java.util.concurrent.TimeoutException
                || cause instanceof io.vertx.sqlclient.ClosedConnectionException;
    }
}
