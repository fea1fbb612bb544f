package io.waxwatch.common.matching;

import java.util.List;
import java.util.Optional;

/** In which currency the bounds of the price are meant: {@code currency}, a code of ISO 4217. */
final class CurrencyCriterion extends Criterion {

    CurrencyCriterion() {
        super("currency", Index.QUALIFIES);
    }

    @Override
    public Optional<String> fault(Object given) {
        if (!(given instanceof String text)) {
            return Optional.of(named(" must be a string when provided"));
        }
        return text.isBlank() || CurrencyCode.read(text).isPresent()
                ? Optional.empty()
                : Optional.of(
                        named(": " + CurrencyCode.UNKNOWN + ", or leave it out for the currency of your profile"));
    }

    /** A code that nobody knows is no fault of the reading: no offer is in it. */
    @Override
    boolean read(Object stored, RuleQuery.Draft into) {
        if (!(stored instanceof String text)) {
            return false;
        }
        into.currency(text);
        return true;
    }

    @Override
    void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses) {
        // The bounds are judged in it.
    }

    @Override
    String sentence(Clause clause) {
        throw new IllegalArgumentException(clause.name());
    }
}
