package io.waxwatch.common.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides whether an offer satisfies a watch rule, and says why. */
public final class RuleMatcher {
    private RuleMatcher() {}

    /** Judges every condition of the rule. */
    public static Decision decide(RuleQuery query, Offer offer) {
        List<Clause> clauses = new ArrayList<>();
        String title = TitleText.fold(offer.title());
        for (Criterion criterion : Criteria.all()) {
            criterion.judge(query, offer, title, clauses);
        }
        return Decision.of(clauses);
    }

    /**
     * The decision of {@link #decide} if it is a match. Stops at the first word that settles it, so that a rule of
     * thousands of words costs hardly more than a short one for the listings that it does not match.
     */
    public static Optional<Decision> match(RuleQuery query, Offer offer) {
        String title = TitleText.fold(offer.title());
        boolean possible = query.keywords().stream().allMatch(keyword -> Phrases.startsIn(title, keyword))
                && query.excluded().stream().noneMatch(excluded -> Phrases.wholeIn(title, excluded));
        return possible ? Optional.of(decide(query, offer)).filter(Decision::matched) : Optional.empty();
    }
}
