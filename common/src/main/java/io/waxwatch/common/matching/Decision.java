package io.waxwatch.common.matching;

import java.util.List;

/**
 * The outcome for one watch and one offer, with its trace.
 *
 * @param matched whether every clause passed; a clause that failed or is unknown prevents it
 * @param clauses every condition that the watch makes, in a fixed order; never empty
 */
public record Decision(boolean matched, List<Clause> clauses) {
    public Decision {
        clauses = List.copyOf(clauses);
    }

    static Decision of(List<Clause> clauses) {
        return new Decision(clauses.stream().allMatch(clause -> clause.outcome() == Outcome.PASS), clauses);
    }

    /** One sentence for each clause, for the collector: {@code title has "blue harbour"}. */
    public List<String> reasons() {
        return clauses.stream().map(Clause::sentence).toList();
    }
}
