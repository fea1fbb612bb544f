package io.waxwatch.common.settings;

/** Who keeps the connections to PostgreSQL. */
public enum DatabasePooling {
    /** This process keeps its own pool and may cache prepared statements. */
    QUEUE,
    /**
     * A pooler such as PgBouncer stands in between and may hand each statement to another server connection: nothing may be cached
     * on a connection ({@code PgConnectOptions#setUseLayer7Proxy(true)}), and every transaction carries its bounds with it.
     */
    NULL
}
