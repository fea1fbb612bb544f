package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
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
        return CurrencyCode.read(owners).orElse(Prices.DEFAULT_CURRENCY);
    }

    /** The currency in which the bounds are meant. */
    String boundCurrency() {
        return currency == null ? Prices.DEFAULT_CURRENCY : currency;
    }

    /**
     * Reads the stored {@code query} object of a rule. Known keys: {@code sources}, {@code keywords}, {@code q},
     * {@code min_price}, {@code max_price}, {@code currency}, {@code min_condition}; others are ignored, and a value of the
     * wrong type counts as absent, as do an unknown grade and a number that is not finite.
     *
     * <p>{@code q}: each word is required; {@code "a phrase"} in quotes is required as such; a leading {@code -} excludes
     * the word or phrase.
     *
     * <p>Unknown names among {@code sources} are left out. When none is left although some were named, the result has no
     * keywords, so that it matches nothing rather than everything.
     */
    public static RuleQuery fromStored(Map<String, Object> query) {
        Map<String, Object> stored = query == null ? Map.of() : query;
        List<String> required = new ArrayList<>(strings(stored.get("keywords")));
        List<String> excluded = new ArrayList<>();
        if (stored.get("q") instanceof String q) {
            parseSearch(q, required, excluded);
        }
        List<String> named = strings(stored.get("sources")).stream()
                .filter(name -> !name.isBlank())
                .toList();
        EnumSet<Provider> sources = EnumSet.noneOf(Provider.class);
        named.forEach(name -> Provider.fromWireName(name).ifPresent(sources::add));
        boolean nowhere = !named.isEmpty() && sources.isEmpty();
        return new RuleQuery(
                sources,
                nowhere ? List.of() : required,
                excluded,
                number(stored.get("min_price")),
                number(stored.get("max_price")),
                stored.get("currency") instanceof String currency ? currency : null,
                stored.get("min_condition") instanceof String grade
                        ? Grade.parse(grade).orElse(null)
                        : null);
    }

    private static void parseSearch(String q, List<String> required, List<String> excluded) {
        int at = 0;
        while (at < q.length()) {
            if (Character.isWhitespace(q.charAt(at))) {
                at++;
                continue;
            }
            boolean exclude = q.charAt(at) == '-';
            while (at < q.length() && q.charAt(at) == '-') {
                at++;
            }
            boolean quoted = at < q.length() && isQuote(q.charAt(at));
            int start = quoted ? at + 1 : at;
            int end = start;
            while (end < q.length() && !isQuote(q.charAt(end)) && (quoted || !Character.isWhitespace(q.charAt(end)))) {
                end++;
            }
            (exclude ? excluded : required).add(q.substring(start, end));
            at = quoted ? end + 1 : end;
        }
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\u201C' || c == '\u201D' || c == '\u201E';
    }

    private static List<String> strings(Object value) {
        if (!(value instanceof Collection<?> values)) {
            return List.of();
        }
        return values.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    private static BigDecimal number(Object value) {
        if (value instanceof BigDecimal exact) {
            return exact;
        }
        if (value instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        if (value instanceof Double || value instanceof Float) {
            double real = ((Number) value).doubleValue();
            return Double.isFinite(real) ? new BigDecimal(value.toString()) : null;
        }
        return value instanceof Number whole ? BigDecimal.valueOf(whole.longValue()) : null;
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
