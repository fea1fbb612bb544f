package io.waxwatch.common.time;

import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The names of time zones that people have: the regions of the IANA database (tzdb), as a browser's
 * {@code Intl.DateTimeFormat().resolvedOptions().timeZone} gives them. Java's own list leaves some of them out, because it once used
 * three of these names for something else, and has thirteen of System V that are no regions and that nobody else knows.
 */
public final class TimeZoneName {

    /** What is wrong with any other, and what a good one looks like. */
    public static final String UNKNOWN =
            "unknown time zone; give a region of the IANA database, such as Europe/Berlin or America/New_York";

    /** Regions of tzdb that Java does not list, and what tzdb 2024b links each to (its file {@code backward}). */
    private static final Map<String, String> LINKS = Map.of(
            "EST", "America/Panama",
            "MST", "America/Phoenix",
            "HST", "Pacific/Honolulu",
            "ROC", "Asia/Taipei");

    private static final Set<String> REGIONS = ZoneId.getAvailableZoneIds().stream()
            .filter(Predicate.not(name -> name.startsWith("SystemV/")))
            .collect(Collectors.toUnmodifiableSet());

    private TimeZoneName() {}

    /**
     * The rules of the zone of this name, in the case that tzdb writes it.
     *
     * @return empty for null and for what is no region: an offset, {@code SystemV/AST4}, a word
     */
    public static Optional<ZoneId> read(String name) {
        if (name == null) {
            return Optional.empty();
        }
        String region = LINKS.getOrDefault(name, name);
        return REGIONS.contains(region) ? Optional.of(ZoneId.of(region)) : Optional.empty();
    }
}
