package io.waxwatch.sandbox.discogs;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The catalogue search: records, artists and labels, never anything for sale. */
final class DiscogsSearch {

    /** One hit, to be written as it is. */
    @FunctionalInterface
    interface Hit {
        JsonObject row(DiscogsJson json);
    }

    private DiscogsSearch() {}

    static List<Hit> run(SandboxCatalog catalog, MultiMap params) {
        List<Predicate<Pressing>> tests = new ArrayList<>();
        add(tests, params, "q", (p, v) -> words(p.artist() + " " + p.title() + " " + p.label() + " " + p.catno(), v));
        add(tests, params, "title", (p, v) -> words(p.artist() + " " + p.title(), v));
        add(tests, params, "release_title", (p, v) -> words(p.title(), v));
        add(tests, params, "artist", (p, v) -> words(p.artist(), v));
        add(tests, params, "anv", (p, v) -> words(p.artist(), v));
        add(tests, params, "label", (p, v) -> words(p.label(), v));
        add(tests, params, "catno", (p, v) -> squeezed(p.catno()).equals(squeezed(v)));
        add(tests, params, "barcode", (p, v) -> p.barcode().equals(v.replaceAll("\\D", "")));
        add(tests, params, "country", (p, v) -> p.country().equalsIgnoreCase(v));
        add(tests, params, "year", (p, v) -> String.valueOf(p.year()).equals(v));
        add(tests, params, "genre", (p, v) -> p.genre().equalsIgnoreCase(v));
        add(tests, params, "style", (p, v) -> p.style().equalsIgnoreCase(v));
        add(tests, params, "format", (p, v) -> words("Vinyl " + p.format().replaceAll("\\d+x", ""), v));
        add(tests, params, "track", (p, v) -> notes(p).tracks().stream().anyMatch(track -> words(track.title(), v)));
        add(tests, params, "credit", (p, v) -> notes(p).credits().stream().anyMatch(c -> words(c.name(), v)));
        add(tests, params, "submitter", (p, v) -> notes(p).submitter().equalsIgnoreCase(v));
        add(tests, params, "contributor", (p, v) -> notes(p).contributors().contains(v));
        List<Pressing> found = sorted(
                catalog.pressings().stream()
                        .filter(pressing -> tests.stream().allMatch(test -> test.test(pressing)))
                        .toList(),
                params);
        String type = params.contains("type") ? params.get("type") : "";
        return switch (type) {
            case "release" -> releases(found).toList();
            case "master" -> masters(catalog, found).toList();
            case "artist" -> names("artist", catalog, params, Pressing::artist).toList();
            case "label" -> names("label", catalog, params, Pressing::label).toList();
            default -> {
                Stream<Hit> records = Stream.concat(masters(catalog, found), releases(found));
                Stream<Hit> names = Stream.concat(
                        names("artist", catalog, params, Pressing::artist),
                        names("label", catalog, params, Pressing::label));
                yield Stream.concat(records, names).toList();
            }
        };
    }

    private static Stream<Hit> releases(List<Pressing> found) {
        return found.stream().map(pressing -> json -> json.searchRow(pressing, false));
    }

    private static Stream<Hit> masters(SandboxCatalog catalog, List<Pressing> found) {
        return found.stream()
                .map(Pressing::masterId)
                .distinct()
                .map(id -> catalog.master(id).get(0))
                .map(main -> json -> json.searchRow(main, true));
    }

    /** Found by their names alone: whoever asks for anything else asks for records. */
    private static Stream<Hit> names(
            String kind, SandboxCatalog catalog, MultiMap params, Function<Pressing, String> name) {
        String wanted = params.contains("q") ? params.get("q") : params.contains("title") ? params.get("title") : "";
        boolean recordsOnly = params.names().stream()
                .anyMatch(param -> !List.of("q", "title", "type", "page", "per_page", "sort", "sort_order", "token")
                        .contains(param));
        if (wanted.isBlank() || recordsOnly) {
            return Stream.empty();
        }
        return catalog.pressings().stream()
                .map(name)
                .distinct()
                .filter(text -> words(text, wanted))
                .map(text -> json -> json.nameRow(kind, text));
    }

    /** By year, title, label, have or want, which is not documented; else as found. */
    private static List<Pressing> sorted(List<Pressing> found, MultiMap params) {
        Comparator<Pressing> order = switch (params.contains("sort") ? params.get("sort") : "") {
            case "year" -> Comparator.comparingInt(Pressing::year);
            case "title" -> Comparator.comparing(Pressing::title, String.CASE_INSENSITIVE_ORDER);
            case "label" -> Comparator.comparing(Pressing::label, String.CASE_INSENSITIVE_ORDER);
            case "have" -> Comparator.comparingInt(pressing -> notes(pressing).have());
            case "want" -> Comparator.comparingInt(pressing -> notes(pressing).want());
            default -> Comparator.comparingLong(Pressing::releaseId);
        };
        boolean descending = "desc".equalsIgnoreCase(params.get("sort_order"));
        return found.stream()
                .sorted(descending ? Collections.reverseOrder(order) : order)
                .toList();
    }

    private static LinerNotes notes(Pressing pressing) {
        return new LinerNotes(pressing);
    }

    private static void add(List<Predicate<Pressing>> tests, MultiMap params, String name, Test test) {
        String value = params.get(name);
        if (value != null && !value.isBlank()) {
            tests.add(pressing -> test.holds(pressing, value));
        }
    }

    /** Whether all wanted words are there, whatever their order, case and accents. */
    static boolean words(String text, String wanted) {
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
