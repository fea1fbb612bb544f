package io.waxwatch.common.matching;

import java.util.List;
import java.util.Optional;

/** The lowest grade that counts: {@code min_condition}, an abbreviation or name of the Goldmine scale. */
final class GradeCriterion extends Criterion {

    GradeCriterion() {
        super(Clause.MIN_CONDITION, Index.DECIDES, Clause.MIN_CONDITION);
    }

    @Override
    public Optional<String> fault(Object given) {
        return given instanceof String text
                ? faultOf(text).map(fault -> named(": " + fault))
                : Optional.of(named(" must be a string when provided"));
    }

    static Optional<String> faultOf(String text) {
        return text == null || text.isBlank() || Grade.parse(text).isPresent()
                ? Optional.empty()
                : Optional.of("unknown grade; the grades are " + Grade.abbreviations()
                        + ", also by their names (Near Mint); leave it out for any");
    }

    @Override
    boolean read(Object stored, RuleQuery.Draft into) {
        if (!(stored instanceof String text)) {
            return false;
        }
        Optional<Grade> grade = Grade.parse(text);
        grade.ifPresent(into::minCondition);
        return grade.isPresent() || text.isBlank();
    }

    @Override
    void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses) {
        if (query.minCondition() != null) {
            clauses.add(verdict(query.minCondition(), offer));
        }
    }

    static Clause verdict(Grade minimum, Offer offer) {
        Grade seen = offer.grade().orElse(null);
        if (seen == null) {
            String text = offer.condition() == null ? "" : offer.condition();
            return new Clause(Clause.MIN_CONDITION, Outcome.UNKNOWN, minimum.abbreviation(), text);
        }
        Outcome outcome = seen.atLeast(minimum) ? Outcome.PASS : Outcome.FAIL;
        return new Clause(Clause.MIN_CONDITION, outcome, minimum.abbreviation(), seen.abbreviation());
    }

    @Override
    String sentence(Clause clause) {
        if (clause.outcome() == Outcome.UNKNOWN) {
            return "no grade is stated, so it may not be at least " + clause.expected();
        }
        return clause.seen() + (passed(clause) ? " is at least " : " is below ") + clause.expected();
    }
}
