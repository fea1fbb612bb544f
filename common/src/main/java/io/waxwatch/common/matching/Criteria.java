package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every condition that a rule may make. The one list that parsing, matching, the index, searches and the documents follow. */
public final class Criteria {
    public static final Criterion SOURCES = new SourcesCriterion();
    public static final Criterion KEYWORDS = new KeywordsCriterion();
    public static final Criterion SEARCH_TEXT = new SearchTextCriterion();
    public static final Criterion MIN_PRICE = PriceCriterion.LOWEST;
    public static final Criterion MAX_PRICE = PriceCriterion.HIGHEST;
    public static final Criterion CURRENCY = new CurrencyCriterion();
    public static final Criterion MIN_CONDITION = new GradeCriterion();

    private static final List<Criterion> ALL =
            List.of(SOURCES, KEYWORDS, SEARCH_TEXT, MIN_PRICE, MAX_PRICE, CURRENCY, MIN_CONDITION);

    /** The contract's order, and what it does not know behind. */
    private static final List<Criterion> AS_CHECKED =
            List.of(SEARCH_TEXT, MAX_PRICE, SOURCES, KEYWORDS, MIN_PRICE, CURRENCY, MIN_CONDITION);

    private static final Map<String, Criterion> BY_CLAUSE = ALL.stream()
            .flatMap(criterion -> criterion.clauses().stream().map(clause -> Map.entry(clause, criterion)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private static final String NO_WORD =
            "there is no word to look for: give at least one keyword with a letter or a digit";

    private Criteria() {}

    /** In the order in which a verdict tells them. */
    public static List<Criterion> all() {
        return ALL;
    }

    /** In the order in which faults are looked for: the first one is the one reported. */
    public static List<Criterion> asChecked() {
        return AS_CHECKED;
    }

    /** The conditions that a marketplace's offers are judged by, besides which marketplace it is: their keys. */
    public static List<String> filters() {
        return ALL.stream()
                .filter(criterion -> criterion != SOURCES)
                .map(Criterion::key)
                .toList();
    }

    /** The keys of the stored conditions that cannot be judged, wholly or in part, and so count as absent to that extent. */
    public static List<String> ignored(Map<String, Object> query) {
        var draft = new RuleQuery.Draft();
        return ALL.stream()
                .filter(criterion -> query.get(criterion.key()) != null)
                .filter(criterion -> !criterion.read(query.get(criterion.key()), draft))
                .map(Criterion::key)
                .toList();
    }

    /**
     * The first fault that would keep a rule from doing what it says: a condition written wrongly, a lowest price above the
     * highest, words of which none can be looked for. A rule that names neither {@code keywords} nor {@code q} is not at fault:
     * it is not finished, and matches nothing yet. Marketplaces that a rule of long ago names are not judged.
     *
     * @param query the stored form
     */
    public static Optional<String> fault(Map<String, Object> query) {
        return AS_CHECKED.stream()
                .filter(criterion -> criterion != SOURCES && query.get(criterion.key()) != null)
                .map(criterion -> criterion.fault(query.get(criterion.key())))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> faultTogether(query));
    }

    private static Optional<String> faultTogether(Map<String, Object> stored) {
        Map<String, Object> anywhere = new HashMap<>(stored);
        // Marketplaces of which none is known leave no keyword either, and are not what is judged here.
        anywhere.remove(SOURCES.key());
        RuleQuery query = RuleQuery.fromStored(anywhere);
        BigDecimal min = query.minPrice();
        BigDecimal max = query.maxPrice();
        if (min != null && max != null && min.compareTo(max) > 0) {
            return Optional.of("query.min_price is above query.max_price, so no price is between them; exchange them,"
                    + " or leave one out");
        }
        boolean named = Stream.of(KEYWORDS, SEARCH_TEXT).anyMatch(words -> stored.get(words.key()) != null);
        return named ? faultOfWords(query).map(fault -> "query.keywords and query.q: " + fault) : Optional.empty();
    }

    /** What is wrong with words to look for; empty when at least one of them has a letter or a digit. */
    public static Optional<String> faultOfWords(RuleQuery query) {
        if (!query.keywords().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(query.excluded().isEmpty() ? NO_WORD : NO_WORD + ", beside what is excluded");
    }

    /** What is wrong with a lowest grade; empty for one that is known, and for a blank text, which asks for none. */
    public static Optional<String> faultOfGrade(String text) {
        return GradeCriterion.faultOf(text);
    }

    static String sentence(Clause clause) {
        Function<Clause, String> words = Optional.ofNullable(BY_CLAUSE.get(clause.name()))
                .<Function<Clause, String>>map(criterion -> criterion::sentence)
                .orElse(ReleaseMatcher::sentence);
        return words.apply(clause);
    }
}
