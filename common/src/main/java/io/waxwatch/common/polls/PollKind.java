package io.waxwatch.common.polls;

import java.util.Locale;

/** What a poll asks upstream. */
public enum PollKind {
    /** The newest listings of a whole category. */
    SWEEP,
    /** The canonical query that many rules reduce to. */
    QUERY,
    /** The Discogs floor of one release: lowest price and number for sale. */
    RELEASE,
    /** One seller's newest inventory. */
    SHOP;

    /** As stored and sent: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if no kind has this name */
    public static PollKind ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
