package io.waxwatch.sandbox.fault;

import java.util.Optional;

/** Whose wire format a path belongs to. */
public enum Provider {
    EBAY,
    DISCOGS;

    public static Optional<Provider> of(String path) {
        if (path.startsWith("/buy/")
                || path.startsWith("/identity/")
                || path.startsWith("/commerce/")
                || path.startsWith("/developer/")) {
            return Optional.of(EBAY);
        }
        if (path.startsWith("/marketplace/")
                || path.startsWith("/releases/")
                || path.startsWith("/masters/")
                || path.startsWith("/database/")
                || path.startsWith("/artists/")
                || path.startsWith("/labels/")
                || path.startsWith("/users/")
                || path.matches("/lists/\\d+")
                || path.startsWith("/oauth/")) {
            return Optional.of(DISCOGS);
        }
        return Optional.empty();
    }
}
