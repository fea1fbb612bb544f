package io.waxwatch.provider.http;

/** Who a call is for: each lane has its share of a marketplace's budget, and the use of what the others leave. */
public enum CallLane {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /** A sweep, a query or a floor that is due. */
    DUE,
    /** Imports, syncs and the first look of a new rule. */
    BACKGROUND
}
