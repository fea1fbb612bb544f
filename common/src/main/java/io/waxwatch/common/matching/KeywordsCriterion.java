package io.waxwatch.common.matching;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What a title must have: {@code keywords}, phrases, all of them. Judges those of {@code q} too. */
final class KeywordsCriterion extends Criterion {

    KeywordsCriterion() {
        super("keywords", Index.FILES, Clause.TERMS, Clause.KEYWORD);
    }

    @Override
    public Optional<String> fault(Object given) {
        if (!(given instanceof List<?> keywords)) {
            return Optional.of(named(" must be a list when provided"));
        }
        if (!keywords.stream().allMatch(String.class::isInstance)) {
            return Optional.of(named(" entries must be strings"));
        }
        boolean blank = keywords.stream().allMatch(keyword -> ((String) keyword).isBlank());
        return blank && !keywords.isEmpty()
                ? Optional.of(named(" must contain at least one non-empty keyword when provided"))
                : Optional.empty();
    }

    @Override
    public Object normal(Object given) {
        return ((List<?>) given)
                .stream()
                        .map(keyword -> ((String) keyword).strip().toLowerCase(Locale.ROOT))
                        .filter(keyword -> !keyword.isEmpty())
                        .toList();
    }

    @Override
    boolean read(Object stored, RuleQuery.Draft into) {
        if (!(stored instanceof Collection<?> keywords)) {
            return false;
        }
        boolean all = true;
        for (Object keyword : keywords) {
            if (keyword instanceof String text) {
                into.require(text);
            } else {
                all = false;
            }
        }
        return all;
    }

    /** A rule without any keyword matches nothing: it would otherwise alert its owner for every record in the world. */
    @Override
    void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses) {
        if (query.keywords().isEmpty()) {
            clauses.add(new Clause(Clause.TERMS, Outcome.FAIL, "at least one keyword", ""));
        }
        for (String keyword : query.keywords()) {
            boolean found = Phrases.startsIn(title, keyword);
            clauses.add(new Clause(Clause.KEYWORD, found ? Outcome.PASS : Outcome.FAIL, keyword, title));
        }
    }

    @Override
    String sentence(Clause clause) {
        if (Objects.equals(clause.name(), Clause.TERMS)) {
            return "the watch has no searchable keyword";
        }
        return (passed(clause) ? "title has \"" : "title lacks \"") + clause.expected() + "\"";
    }
}
