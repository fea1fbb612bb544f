package io.waxwatch.sandbox.discogs;

import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The artists and the labels of the catalogue, by their ids; equal names, equal ids. */
final class DiscogsNames {

    private final Map<Long, List<Pressing>> artists;
    private final Map<Long, List<Pressing>> labels;

    DiscogsNames(SandboxCatalog catalog) {
        this.artists = by(catalog, Pressing::artist);
        this.labels = by(catalog, Pressing::label);
    }

    static long id(String name) {
        return 70_000_000L + Math.floorMod(name.hashCode(), 9_999_991);
    }

    /** What an artist recorded; empty for an unknown id. */
    Optional<List<Pressing>> byArtist(long id) {
        return Optional.ofNullable(artists.get(id));
    }

    /** What a label brought out; empty for an unknown id. */
    Optional<List<Pressing>> byLabel(long id) {
        return Optional.ofNullable(labels.get(id));
    }

    private static Map<Long, List<Pressing>> by(SandboxCatalog catalog, Function<Pressing, String> name) {
        Map<Long, List<Pressing>> groups = new LinkedHashMap<>();
        catalog.pressings()
                .forEach(pressing -> groups.computeIfAbsent(id(name.apply(pressing)), id -> new ArrayList<>())
                        .add(pressing));
        return groups;
    }
}
