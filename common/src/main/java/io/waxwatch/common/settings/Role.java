package io.waxwatch.common.settings;

/** What a process is started as; it decides which settings a production-like environment cannot do without. */
public enum Role {
    /** The HTTP edge. */
    GATEWAY,
    /** Decides when a poll is due. */
    SCHEDULER,
    /** Talks to the marketplaces. */
    PROVIDER,
    /** Delivers alerts. */
    NOTIFIER,
    /** Runs the migrations and ends. */
    MIGRATE,
    /**
     * All of the above in one process. On a developer's machine it brings its own database, so that nothing is required; in a
     * production-like environment it requires what all roles together require.
     */
    STANDALONE
}
