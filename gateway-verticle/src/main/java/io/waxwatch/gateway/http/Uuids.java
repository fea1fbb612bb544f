package io.waxwatch.gateway.http;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as callers may write them: upper or lower case, with or without hyphens, in braces, or as a URN. */
public final class Uuids {

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern HYPHENATED =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Uuids() {}

    public static Optional<UUID> parse(String text) {
        String bare = text;
        if (bare.regionMatches(true, 0, "urn:uuid:", 0, 9)) {
            bare = bare.substring(9);
        } else if (bare.startsWith("{") && bare.endsWith("}")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        if (HYPHENATED.matcher(bare).matches()) {
            return Optional.of(UUID.fromString(bare));
        }
        if (HEX.matcher(bare).matches()) {
            return Optional.of(
                    new UUID(Long.parseUnsignedLong(bare, 0, 16, 16), Long.parseUnsignedLong(bare, 16, 32, 16)));
        }
        return Optional.empty();
    }
}
