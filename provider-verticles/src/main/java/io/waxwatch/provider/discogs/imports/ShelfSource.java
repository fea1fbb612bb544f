package io.waxwatch.provider.discogs.imports;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A list of a Discogs account. */
enum ShelfSource {
    WANTLIST("wantlist"),
    COLLECTION("collection");

    /** Both, one after the other, as in {@code import_jobs.import_scope}. */
    static final String BOTH = "both";

    private final String wireName;

    ShelfSource(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    /** What a scope is made of, in order; nothing for an unknown one. */
    static List<ShelfSource> of(String scope) {
        return Arrays.stream(values())
                .filter(source -> scope.equals(BOTH) || scope.equals(source.wireName))
                .toList();
    }

    static Optional<ShelfSource> named(String name) {
        return Arrays.stream(values())
                .filter(source -> source.wireName.equals(name))
                .findFirst();
    }
}
