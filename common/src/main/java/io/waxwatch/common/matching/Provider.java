package io.waxwatch.common.matching;

import java.util.Locale;
import java.util.Optional;

/** Where an offer comes from. The wire names are those of the API and of the {@code provider_enum} database type. */
public enum Provider {
    DISCOGS("Discogs"),
    EBAY("eBay"),
    MOCK("mock"),
    MUSICBRAINZ("MusicBrainz"),
    SPOTIFY("Spotify");

    private final String wireName = name().toLowerCase(Locale.ROOT);
    private final String title;

    Provider(String title) {
        this.title = title;
    }

    /** The name as its owner writes it, for people. */
    public String title() {
        return title;
    }

    /** The lower-case name used in JSON, SQL and metrics. */
    public String wireName() {
        return wireName;
    }

    /** The provider of this name, ignoring case and surrounding blanks; empty when unknown or null. */
    public static Optional<Provider> fromWireName(String name) {
        if (name == null) {
            return Optional.empty();
        }
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        for (Provider provider : values()) {
            if (provider.wireName.equals(wanted)) {
                return Optional.of(provider);
            }
        }
        return Optional.empty();
    }
}
