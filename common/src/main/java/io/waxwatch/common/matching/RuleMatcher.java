package io.waxwatch.common.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Decides whether an offer satisfies a watch rule, and says why. */
public final class RuleMatcher {
    private RuleMatcher() {}

    /** Judges every condition of the rule. */
    public static Decision decide(RuleQuery query, Offer offer) {
        List<Clause> clauses = new ArrayList<>();
        String title = TitleText.fold(offer.title());
        if (!query.sources().isEmpty()) {
            clauses.add(source(query, offer));
        }
        if (query.keywords().isEmpty()) {
            clauses.add(new Clause(Clause.TERMS, Outcome.FAIL, "at least one keyword", ""));
        }
        for (String keyword : query.keywords()) {
            boolean found = Phrases.startsIn(title, keyword);
            clauses.add(new Clause(Clause.KEYWORD, found ? Outcome.PASS : Outcome.FAIL, keyword, title));
        }
        for (String excluded : query.excluded()) {
            boolean found = Phrases.wholeIn(title, excluded);
            clauses.add(new Clause(Clause.EXCLUDED, found ? Outcome.FAIL : Outcome.PASS, excluded, title));
        }
        Prices.decide(clauses, query.minPrice(), query.maxPrice(), query.boundCurrency(), offer);
        if (query.minCondition() != null) {
            clauses.add(grade(query.minCondition(), offer));
        }
        return Decision.of(clauses);
    }

    /**
     * What {@link #decide} says without telling why: stops at the first word that settles it, so that a rule of thousands of
     * words costs hardly more than a short one for the listings that it does not match.
     */
    public static boolean matches(RuleQuery query, Offer offer) {
        String title = TitleText.fold(offer.title());
        return query.keywords().stream().allMatch(keyword -> Phrases.startsIn(title, keyword))
                && query.excluded().stream().noneMatch(excluded -> Phrases.wholeIn(title, excluded))
                && decide(query, offer).matched();
    }

    static Clause grade(Grade minimum, Offer offer) {
        Grade seen = offer.grade().orElse(null);
        if (seen == null) {
            String text = offer.condition() == null ? "" : offer.condition();
            return new Clause(Clause.MIN_CONDITION, Outcome.UNKNOWN, minimum.abbreviation(), text);
        }
        Outcome outcome = seen.atLeast(minimum) ? Outcome.PASS : Outcome.FAIL;
        return new Clause(Clause.MIN_CONDITION, outcome, minimum.abbreviation(), seen.abbreviation());
    }

    private static Clause source(RuleQuery query, Offer offer) {
        String expected = query.sources().stream().map(Provider::title).collect(Collectors.joining(" or "));
        Outcome outcome = query.sources().contains(offer.provider()) ? Outcome.PASS : Outcome.FAIL;
        return new Clause(Clause.SOURCE, outcome, expected, offer.provider().title());
    }
}
