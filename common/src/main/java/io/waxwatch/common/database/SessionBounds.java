package io.waxwatch.common.database;

import java.time.Duration;

/**
 * What PostgreSQL is to do with our statements, in the two ways in which one can say so: once for a session that is ours alone,
 * or anew in each transaction where a pooler hands every transaction to another session. Never as start parameters, which
 * poolers refuse or, told to ignore them, swallow.
 *
 * @param statement longest run of one statement
 * @param idleTransaction how long a transaction may do nothing before it is ended
 */
record SessionBounds(Duration statement, Duration idleTransaction) {

    /** One simple query, for the whole session. */
    String ofSession() {
        return settings("SET ");
    }

    /** One simple query, for the transaction that is open. */
    String ofTransaction() {
        return settings("SET LOCAL ");
    }

    /** One simple query that opens such a transaction. */
    String begin() {
        return "BEGIN; " + ofTransaction();
    }

    /** Compiling takes hundreds of times as long as any statement of ours runs. */
    private String settings(String set) {
        return set + "statement_timeout = " + statement.toMillis() + "; "
                + set + "idle_in_transaction_session_timeout = " + idleTransaction.toMillis() + "; "
                + set + "jit = off";
    }
}
