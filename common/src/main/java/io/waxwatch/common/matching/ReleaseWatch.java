package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A watched Discogs release, or every release of its master.
 *
 * @param releaseId Discogs release id
 * @param masterId Discogs master id; null when unknown or none; 0 (Discogs for "none") becomes null
 * @param mode whether only this release counts or any of its master
 * @param title title of the release, without the artist
 * @param artist artist as Discogs spells it, with or without homonym suffix; null when unknown
 * @param targetPrice highest price, inclusive; null for any
 * @param currency currency of the target; null or blank means US dollars
 * @param minCondition lowest grade that counts; null for any
 */
public record ReleaseWatch(
        long releaseId,
        Long masterId,
        Mode mode,
        String title,
        String artist,
        BigDecimal targetPrice,
        String currency,
        Grade minCondition) {
    /** Words that carry no information in a record's title. */
    private static final Set<String> STOP_WORDS = Set.of(
            "a",
            "an",
            "and",
            "ep",
            "feat",
            "featuring",
            "ft",
            "lp",
            "mix",
            "record",
            "remaster",
            "stereo",
            "the",
            "vinyl");

    // Discogs: "Seidemann (2)" is the second artist of that name; "Prodigy*" is a spelling that differs from the entry.
    private static final Pattern DISCOGS_MARKS = Pattern.compile("\\s\\(\\d+\\)(?=\\s|[,*/&]|$)|\\*");

    /** Which releases count. */
    public enum Mode {
        EXACT("exact_release"),
        MASTER("master_release");

        private final String wireName;

        Mode(String wireName) {
            this.wireName = wireName;
        }

        /** The name in the API and the database. */
        public String wireName() {
            return wireName;
        }

        /** The mode of this name; empty when unknown or null. */
        public static Optional<Mode> fromWireName(String name) {
            if (name == null) {
                return Optional.empty();
            }
            String wanted = name.strip().toLowerCase(Locale.ROOT);
            for (Mode mode : values()) {
                if (mode.wireName.equals(wanted)) {
                    return Optional.of(mode);
                }
            }
            return Optional.empty();
        }
    }

    public ReleaseWatch {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(title, "title");
        masterId = masterId == null || masterId == 0 ? null : masterId;
        String unit = Prices.currency(currency);
        currency = unit == null ? Prices.DEFAULT_CURRENCY : unit;
    }

    /**
     * The distinct words by which an offer without ids is recognised: the significant ones of artist and title. A name made
     * of stop words only ("The The") keeps them all. Empty when artist or title is missing or has no word: one of the two
     * alone would match far too much.
     */
    Set<String> significantWords() {
        Set<String> ofArtist = significant(artist);
        Set<String> ofTitle = significant(title);
        if (ofArtist.isEmpty() || ofTitle.isEmpty()) {
            return Set.of();
        }
        ofArtist.addAll(ofTitle);
        return ofArtist;
    }

    private static Set<String> significant(String name) {
        List<String> words = name == null
                ? List.of()
                : TitleText.words(DISCOGS_MARKS.matcher(name).replaceAll(" "));
        Set<String> significant = new LinkedHashSet<>(words);
        significant.removeAll(STOP_WORDS);
        return significant.isEmpty() ? new LinkedHashSet<>(words) : significant;
    }
}
