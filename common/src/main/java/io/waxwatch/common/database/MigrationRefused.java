package io.waxwatch.common.database;

/** A database that cannot be migrated as it is. The message is one line for whoever started it: what is wrong, and what to do. */
public final class MigrationRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MigrationRefused(String message) {
        super(
                message.strip()
                        .lines()
                        .map(String::strip)
                        .reduce((one, next) -> one + " " + next)
                        .orElse(""),
                null,
                false,
                false);
    }
}
