package io.waxwatch.common.matching;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Goldmine grade of the medium, worst first, so that {@link #compareTo} ranks.
 *
 * <p>Sellers use more shades than there are grades. A shade between two grades counts as the lower one (VG++ and NM- are
 * VG+, VG- is G+), so that a minimum is never satisfied by optimism; "Excellent", which is not on the Goldmine scale, is
 * what Discogs equates with VG+. eBay's "New" counts as M: Goldmine's Mint is an unplayed, possibly sealed record, and
 * eBay's New is an unused, unopened item. eBay's "Like New" is NM. eBay's "Used" says nothing of the grade and is unknown.
 */
public enum Grade {
    POOR("P"),
    FAIR("F"),
    GOOD("G"),
    GOOD_PLUS("G+"),
    VERY_GOOD("VG"),
    VERY_GOOD_PLUS("VG+"),
    NEAR_MINT("NM"),
    MINT("M");

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern HYPHEN = Pattern.compile("(?<=\\p{L})[-\u2010\u2011](?=\\p{L})");
    private static final Pattern PLUS = Pattern.compile("\\s*(?:\\bplus\\b|(?<=vg|ex|nm)plus\\b|\\(\\+\\)|\\+)");
    private static final Pattern MINUS = Pattern.compile("\\s*(?:\\bminus\\b|\\s-$)");

    // Below what it is read with.
    private static final Map<String, Grade> NAMES = names();
    private static final Pattern BRACKETS = Pattern.compile("\\(([^)]*)\\)");
    private static final Pattern SEPARATOR = Pattern.compile("\\s*(?:[/|,;]|\\bor\\b)\\s*");

    /** What may stand in a title beside a slash, where even a single letter is plainly a grade. */
    private static final String ANY = "(?:NM|M|EX|E|VG|G|F|P)(?:\\+{1,2}|-)?";

    private static final String CUT_BEFORE = "(?<![\\p{L}\\p{N}+/-])";
    private static final String CUT_AFTER = "(?![\\p{L}\\p{N}+-])";
    private static final Pattern PAIR =
            Pattern.compile(CUT_BEFORE + "(" + ANY + ")\\s?/\\s?(" + ANY + ")" + CUT_AFTER, Pattern.CASE_INSENSITIVE);
    private static final Pattern SINGLE = Pattern.compile(
            CUT_BEFORE + "(near\\s?mint|very good plus|NM-?|(?:VG|EX)(?:\\+{1,2}|-)|VG|E\\+|M-|G\\+)" + CUT_AFTER,
            Pattern.CASE_INSENSITIVE);
    // "EX" may be a band and a word: only in capitals, and only in brackets or as the last word.
    private static final Pattern EXCELLENT = Pattern.compile("\\((EX)\\)|(?<=\\s)(EX)\\s*$");
    private static final Pattern SEALED = Pattern.compile(
            "\\b(?:still|factory|brand new,?|new|new and|new &|new/)\\s?sealed\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern SLEEVE_BEFORE =
            Pattern.compile("(?:sleeve|cover|cvr|jacket|slv)[\\s:=-]*$", Pattern.CASE_INSENSITIVE);
    private static final int SLEEVE_WINDOW = 16;

    private final String abbreviation;

    Grade(String abbreviation) {
        this.abbreviation = abbreviation;
    }

    /** The usual short form: {@code VG+}. */
    public String abbreviation() {
        return abbreviation;
    }

    /** The abbreviations, the best first, as one text for people: {@code M, NM, VG+, VG, G+, G, F, P}. */
    public static String abbreviations() {
        return Arrays.stream(values())
                .sorted(Comparator.reverseOrder())
                .map(Grade::abbreviation)
                .collect(Collectors.joining(", "));
    }

    /** Whether this grade satisfies a minimum. */
    public boolean atLeast(Grade minimum) {
        return compareTo(minimum) >= 0;
    }

    /**
     * Reads a condition text: abbreviations, Goldmine and Discogs names ({@code Very Good Plus (VG+)}), eBay's condition
     * names, also as people spell them ({@code VG plus}, {@code VG +}, {@code near-mint}). Of a pair such as {@code VG+/VG} the
     * first, the medium, counts.
     *
     * @return empty for null, for a text without a grade ({@code Used}, {@code Not Graded}) and for anything unknown
     */
    public static Optional<Grade> parse(String text) {
        if (text == null || text.length() > 200) {
            return Optional.empty();
        }
        String whole = squeeze(text);
        Grade named = NAMES.get(whole);
        if (named != null) {
            return Optional.of(named);
        }
        named = NAMES.get(plain(whole));
        if (named != null) {
            return Optional.of(named);
        }
        named = NAMES.get(plain(squeeze(BRACKETS.matcher(whole).replaceAll(" "))));
        if (named != null) {
            return Optional.of(named);
        }
        Matcher brackets = BRACKETS.matcher(whole);
        if (brackets.find()) {
            Optional<Grade> inner = first(brackets.group(1));
            if (inner.isPresent()) {
                return inner;
            }
        }
        return first(whole);
    }

    /**
     * Reads the grade of the medium out of a listing title. Only what is plainly a grade counts: a pair with a slash
     * ({@code VG+/VG}, medium first), NM, VG and their shades, {@code still sealed}; a lone M, G or "mint" may be part of a
     * name and does not. A grade right after "sleeve", "cover" or "jacket" is skipped.
     */
    public static Optional<Grade> fromTitle(String title) {
        if (title == null) {
            return Optional.empty();
        }
        for (Pattern pattern : List.of(PAIR, SINGLE, EXCELLENT)) {
            Matcher matcher = pattern.matcher(title);
            while (matcher.find()) {
                String found = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                Grade grade = NAMES.get(squeeze(found));
                if (grade != null
                        && !SLEEVE_BEFORE
                                .matcher(before(title, matcher.start()))
                                .find()) {
                    return Optional.of(grade);
                }
            }
        }
        return SEALED.matcher(title).find() ? Optional.of(MINT) : Optional.empty();
    }

    private static String before(String title, int end) {
        return title.substring(Math.max(0, end - SLEEVE_WINDOW), end);
    }

    private static Optional<Grade> first(String text) {
        for (String part : SEPARATOR.split(text)) {
            if (!part.isBlank()) {
                String name = part.strip();
                Grade named = NAMES.get(name);
                return Optional.ofNullable(named == null ? NAMES.get(plain(name)) : named);
            }
        }
        return Optional.empty();
    }

    private static String squeeze(String text) {
        return BLANKS.matcher(text.strip().toLowerCase(Locale.ROOT)).replaceAll(" ");
    }

    /** One spelling for several: no hyphens between words, and signs instead of "plus" and "minus", right behind the grade. */
    private static String plain(String squeezed) {
        String words = HYPHEN.matcher(squeezed.replace('\uFF0B', '+').replace('\u2212', '-'))
                .replaceAll(" ");
        return MINUS.matcher(PLUS.matcher(words).replaceAll("+")).replaceAll("-");
    }

    private static Map<String, Grade> names() {
        Map<Grade, Set<String>> table = Map.of(
                MINT,
                Set.of(
                        "m",
                        "mint",
                        "new",
                        "brand new",
                        "sealed",
                        "still sealed",
                        "factory sealed",
                        "new/sealed",
                        "ss",
                        "neu",
                        "neuf",
                        "nuovo",
                        "nuevo",
                        "nieuw"),
                NEAR_MINT,
                Set.of(
                        "nm",
                        "m-",
                        "near mint",
                        "nearmint",
                        "mint-",
                        "mint -",
                        "mint minus",
                        "like new",
                        "nm+",
                        "new other (see details)",
                        "new (other)",
                        "new other",
                        "open box"),
                VERY_GOOD_PLUS,
                Set.of(
                        "vg+",
                        "vg++",
                        "very good plus",
                        "very good +",
                        "very good+",
                        "very good ++",
                        "very good++",
                        "nm-",
                        "near mint-",
                        "near mint minus",
                        "ex",
                        "ex+",
                        "ex++",
                        "e",
                        "e+",
                        "e++",
                        "excellent",
                        "excellent+",
                        "excellent plus"),
                VERY_GOOD,
                Set.of("vg", "very good", "ex-", "e-", "excellent-", "vg+-", "vg+/-"),
                GOOD_PLUS,
                Set.of("g+", "g++", "good plus", "good +", "good+", "vg-", "very good-", "very good minus"),
                GOOD,
                Set.of("g", "good"),
                FAIR,
                Set.of("f", "f+", "fair", "fair+", "g-", "good-", "good minus", "acceptable", "p+", "poor+"),
                POOR,
                Set.of("p", "poor", "p-", "f-", "for parts or not working", "for parts"));
        Map<String, Grade> names = new HashMap<>();
        table.forEach((grade, spellings) -> spellings.forEach(spelling -> {
            names.put(spelling, grade);
            names.putIfAbsent(plain(spelling), grade);
        }));
        return Map.copyOf(names);
    }
}
