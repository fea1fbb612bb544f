package io.waxwatch.common.matching;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One condition that a rule may make, wherever it matters: how it is written in the rule's {@code query}, what is said when it
 * is written wrongly, its verdict on an offer, and the words for people. {@link Criteria} lists them; a new condition is a class
 * of this kind, an entry there and its description in the API document.
 */
public abstract class Criterion {
    /** What the index may decide without asking {@link RuleMatcher}. */
    public enum Index {
        /** A rule may be found by it, and the packed record decides it. */
        FILES,
        /** The packed record decides it. */
        DECIDES,
        /** It says how another is meant, and decides nothing by itself. */
        QUALIFIES
    }

    private final String key;
    private final Index index;
    private final Set<String> clauses;

    /** @param clauses names of the clauses of its verdicts */
    Criterion(String key, Index index, String... clauses) {
        this.key = key;
        this.index = index;
        this.clauses = Set.of(clauses);
    }

    /** Its name in a rule's query. */
    public final String key() {
        return key;
    }

    public final Index index() {
        return index;
    }

    final Set<String> clauses() {
        return clauses;
    }

    /** What is wrong with a value that is not null, in words that tell its owner the way out; empty when nothing is. */
    public abstract Optional<String> fault(Object given);

    /** What is wrong with null in a new rule; empty where null stands for nothing asked. In a change it removes the condition. */
    public Optional<String> faultOfNull() {
        return Optional.empty();
    }

    /** The form in which a value without fault is kept. */
    public Object normal(Object given) {
        return given;
    }

    /**
     * Takes over what a stored value that is not null asks for. Older versions stored anything.
     *
     * @return whether all of it can be judged; what cannot counts as absent
     */
    abstract boolean read(Object stored, RuleQuery.Draft into);

    /**
     * Adds the verdict on an offer; nothing where the rule does not make the condition.
     *
     * @param title of the offer, folded
     */
    abstract void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses);

    /** One of its clauses as a sentence for the collector. */
    abstract String sentence(Clause clause);

    final String named(String fault) {
        return "query." + key + fault;
    }

    static boolean passed(Clause clause) {
        return clause.outcome() == Outcome.PASS;
    }

    @Override
    public final String toString() {
        return key;
    }
}
