package io.waxwatch.common.database;

/** The database answers and takes no changes: a replica, a primary that was failed over, or one that was set so. */
public final class ReadOnlyDatabase extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReadOnlyDatabase() {
        super("the database takes no changes", null, false, false);
    }
}
