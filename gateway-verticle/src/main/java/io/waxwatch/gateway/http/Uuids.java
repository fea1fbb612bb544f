package io.waxwatch.gateway.http;

import io.waxwatch.common.digests.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as callers may write them: upper or lower case, with or without hyphens, in braces, or as a URN. */
public final class Uuids {

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern HYPHENATED =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The name space of URLs (RFC 9562, 6.6). */
    private static final UUID URLS = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    private Uuids() {}

    /** The id of a URL, always the same: version 5 of RFC 9562, so that anybody can work it out. */
    public static UUID named(String url) {
        byte[] name = url.getBytes(StandardCharsets.UTF_8);
        byte[] spaced = ByteBuffer.allocate(16 + name.length)
                .putLong(URLS.getMostSignificantBits())
                .putLong(URLS.getLeastSignificantBits())
                .put(name)
                .array();
        ByteBuffer hash = ByteBuffer.wrap(Digests.sha1(spaced));
        long most = hash.getLong() & ~0xf000L | 0x5000L;
        long least = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(most, least);
    }

    /**
     * Writes the id in lower case with hyphens, 36 bytes of ASCII.
     *
     * @return where the next byte goes
     */
    static int write(UUID id, byte[] into, int from) {
        long most = id.getMostSignificantBits();
        long least = id.getLeastSignificantBits();
        int at = digits(most >>> 32, 8, into, from);
        into[at++] = '-';
        at = digits(most >>> 16, 4, into, at);
        into[at++] = '-';
        at = digits(most, 4, into, at);
        into[at++] = '-';
        at = digits(least >>> 48, 4, into, at);
        into[at++] = '-';
        return digits(least, 12, into, at);
    }

    private static int digits(long value, int count, byte[] into, int from) {
        long rest = value;
        for (int i = from + count - 1; i >= from; i--) {
            into[i] = DIGITS[(int) rest & 0xf];
            rest >>>= 4;
        }
        return from + count;
    }

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
