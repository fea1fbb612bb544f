package io.waxwatch.sandbox.discogs;

import io.vertx.core.MultiMap;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The catalogue search: records only, never anything for sale. */
final class DiscogsSearch {

    /** One hit: a pressing as itself, or standing for its master. */
    record Hit(Pressing pressing, boolean master) {}

    private DiscogsSearch() {}

    static List<Hit> run(SandboxCatalog catalog, MultiMap params) {
        List<Predicate<Pressing>> tests = new ArrayList<>();
        add(tests, params, "q", (p, v) -> words(p.artist() + " " + p.title() + " " + p.label() + " " + p.catno(), v));
        add(tests, params, "title", (p, v) -> words(p.artist() + " " + p.title(), v));
        add(tests, params, "release_title", (p, v) -> words(p.title(), v));
        add(tests, params, "artist", (p, v) -> words(p.artist(), v));
        add(tests, params, "label", (p, v) -> words(p.label(), v));
        add(tests, params, "catno", (p, v) -> squeezed(p.catno()).equals(squeezed(v)));
        add(tests, params, "barcode", (p, v) -> p.barcode().equals(v.replaceAll("\\D", "")));
        add(tests, params, "country", (p, v) -> p.country().equalsIgnoreCase(v));
        add(tests, params, "year", (p, v) -> String.valueOf(p.year()).equals(v));
        add(tests, params, "genre", (p, v) -> p.genre().equalsIgnoreCase(v));
        add(tests, params, "style", (p, v) -> p.style().equalsIgnoreCase(v));
        add(tests, params, "format", (p, v) -> words("Vinyl " + p.format().replaceAll("\\d+x", ""), v));
        String type = params.get("type") == null ? "" : params.get("type");
        if (type.equals("artist") || type.equals("label")) {
            return List.of();
        }
        List<Pressing> found = catalog.pressings().stream()
                .filter(pressing -> tests.stream().allMatch(test -> test.test(pressing)))
                .toList();
        Stream<Hit> masters = found.stream()
                .map(Pressing::masterId)
                .distinct()
                .map(id -> new Hit(catalog.master(id).get(0), true));
        Stream<Hit> releases = found.stream().map(pressing -> new Hit(pressing, false));
        return switch (type) {
            case "master" -> masters.toList();
            case "release" -> releases.toList();
            default -> Stream.concat(masters, releases).toList();
        };
    }

    private static void add(List<Predicate<Pressing>> tests, MultiMap params, String name, Test test) {
        String value = params.get(name);
        if (value != null && !value.isBlank()) {
            tests.add(pressing -> test.holds(pressing, value));
        }
    }

    private static boolean words(String text, String wanted) {
        return List.of(fold(text).split(" ")).containsAll(List.of(fold(wanted).split(" ")));
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }

    private static String squeezed(String catno) {
        return fold(catno).replace(" ", "");
    }

    private interface Test {
        boolean holds(Pressing pressing, String value);
    }
}
