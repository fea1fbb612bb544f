package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a watch rule asks for, typed and normalised.
 *
 * <p>A rule without any keyword matches nothing: it would otherwise alert its owner for every record in the world. A
 * keyword without a letter or digit cannot be searched and is left out.
 *
 * @param sources providers that count; empty means any
 * @param keywords folded phrases, all required; distinct, in the order given
 * @param excluded folded phrases, none of which may occur (as whole words: {@code -live} does not hide "Liverpool")
 * @param minPrice lowest price, inclusive; null for none
 * @param maxPrice highest price, inclusive; null for none
 * @param currency currency of the bounds, upper case; null for a rule without bounds, and otherwise US dollars
 * @param minCondition lowest grade that counts; null for any
 */
public record RuleQuery(
        Set<Provider> sources,
        List<String> keywords,
        List<String> excluded,
        BigDecimal minPrice,
        BigDecimal maxPrice,
        String currency,
        Grade minCondition) {
    /** Keywords and exclusions together: every match is judged by each, and tells its collector of each. */
    public static final int MAX_TERMS = 100;

    /** Characters of one of them; marketplaces' titles are shorter. */
    public static final int MAX_TERM_LENGTH = 200;

    public RuleQuery {
        EnumSet<Provider> known = EnumSet.noneOf(Provider.class);
        known.addAll(sources);
        sources = Collections.unmodifiableSet(known);
        keywords = foldAll(keywords);
        excluded = foldAll(excluded);
        currency = Prices.currency(currency);
    }

    /** Why this is more than a rule may ask for, in words for its owner; empty when it is not. */
    public Optional<String> excess() {
        int terms = keywords.size() + excluded.size();
        if (terms > MAX_TERMS) {
            return Optional.of("there may be " + MAX_TERMS + " keywords and excluded words, and here are " + terms);
        }
        return Stream.concat(keywords.stream(), excluded.stream())
                .filter(term -> term.length() > MAX_TERM_LENGTH)
                .findFirst()
                .map(term -> "a keyword may have " + MAX_TERM_LENGTH + " characters, and one has " + term.length());
    }

    /** How many conditions one decision has at most; a measure of its work. */
    public int clauses() {
        return 5 + keywords.size() + excluded.size();
    }

    /**
     * Whether there is a bound whose currency is not told. What is written has one from its birth: see {@link
     * #currencyOf(String)}.
     */
    public boolean lacksCurrency() {
        return currency == null && (minPrice != null || maxPrice != null);
    }

    /** The currency in which somebody means the prices of a rule that names none: their own, else US dollars. */
    public static String currencyOf(String owners) {
        return CurrencyCode.readStored(owners).orElse(Prices.DEFAULT_CURRENCY);
    }

    /** The currency in which the bounds are meant. */
    String boundCurrency() {
        return currency == null ? Prices.DEFAULT_CURRENCY : currency;
    }

    /**
     * Reads the stored {@code query} object of a rule: what {@link Criteria} have in it. Other keys are its owner's own, and a
     * value that cannot be judged counts as absent.
     */
    public static RuleQuery fromStored(Map<String, Object> query) {
        var draft = new Draft();
        if (query != null) {
            for (Criterion criterion : Criteria.all()) {
                Object stored = query.get(criterion.key());
                if (stored != null) {
                    criterion.read(stored, draft);
                }
            }
        }
        return draft.query();
    }

    /** A query that the criteria fill in. */
    static final class Draft {
        private final EnumSet<Provider> sources = EnumSet.noneOf(Provider.class);
        private boolean unknownSources;
        private final List<String> required = new ArrayList<>();
        private final List<String> excluded = new ArrayList<>();
        private BigDecimal minPrice;
        private BigDecimal maxPrice;
        private String currency;
        private Grade minCondition;

        void source(Provider provider) {
            sources.add(provider);
        }

        void unknownSource() {
            unknownSources = true;
        }

        void require(String phrase) {
            required.add(phrase);
        }

        void exclude(String phrase) {
            excluded.add(phrase);
        }

        void bound(PriceCriterion which, BigDecimal amount) {
            if (which == PriceCriterion.LOWEST) {
                minPrice = amount;
            } else {
                maxPrice = amount;
            }
        }

        void currency(String code) {
            currency = code;
        }

        void minCondition(Grade grade) {
            minCondition = grade;
        }

        private RuleQuery query() {
            boolean nowhere = unknownSources && sources.isEmpty();
            return new RuleQuery(
                    sources, nowhere ? List.of() : required, excluded, minPrice, maxPrice, currency, minCondition);
        }
    }

    private static List<String> foldAll(List<String> phrases) {
        return phrases.stream()
                .filter(Objects::nonNull)
                .map(TitleText::fold)
                .filter(phrase -> !phrase.isEmpty())
                .distinct()
                .toList();
    }
}
