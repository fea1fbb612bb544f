package io.waxwatch.common.outbox;

/** What a collector's activity log can hold; the names are the contract's. */
public enum EventType {
    RULE_CREATED,
    RULE_UPDATED,
    RULE_DISABLED,
    RULE_ENABLED,
    WATCH_RELEASE_CREATED,
    WATCH_RELEASE_UPDATED,
    WATCH_RELEASE_DISABLED,
    WATCH_RELEASE_ENABLED,
    LISTING_FIRST_SEEN,
    LISTING_PRICE_DROP,
    LISTING_PRICE_RISE,
    LISTING_ENDED,
    NEW_MATCH,
    IMPORT_STARTED,
    IMPORT_COMPLETED,
    IMPORT_FAILED,
    RULE_DELETED
}
