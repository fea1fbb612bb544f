package io.waxwatch.sandbox.discogs;

import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everybody who is named on a record: artists and those with a part in it, labels, plants and series. By ids; equal names,
 * equal ids, so that each address in a body leads to somebody.
 */
final class DiscogsNames {

    /** Somebody, and the records that bear the name. */
    record Named(String name, List<Pressing> records) {}

    private final Map<Long, Named> artists = new LinkedHashMap<>();
    private final Map<Long, Named> labels = new LinkedHashMap<>();

    DiscogsNames(SandboxCatalog catalog) {
        for (Pressing pressing : catalog.pressings()) {
            var notes = new LinerNotes(pressing);
            add(artists, pressing.artist(), pressing);
            notes.credits().forEach(credit -> add(artists, credit.name(), pressing));
            notes.tracks().forEach(track -> add(artists, track.lyricist(), pressing));
            add(labels, pressing.label(), pressing);
            add(labels, notes.plant(), pressing);
            notes.series().ifPresent(series -> add(labels, series, pressing));
        }
    }

    static long id(String name) {
        return 70_000_000L + Math.floorMod(name.hashCode(), 9_999_991);
    }

    Optional<Named> artist(long id) {
        return Optional.ofNullable(artists.get(id));
    }

    Optional<Named> label(long id) {
        return Optional.ofNullable(labels.get(id));
    }

    private static void add(Map<Long, Named> names, String name, Pressing pressing) {
        List<Pressing> records = names.computeIfAbsent(id(name), id -> new Named(name, new ArrayList<>()))
                .records();
        if (!records.contains(pressing)) {
            records.add(pressing);
        }
    }
}
