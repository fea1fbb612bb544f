package io.waxwatch.common.matching;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** At which marketplaces: {@code sources}, wire names. */
final class SourcesCriterion extends Criterion {
    /** Those that a rule may name. */
    private static final Set<Provider> MARKETPLACES = Set.of(Provider.DISCOGS, Provider.EBAY);

    private static final String CHOICE =
            "give " + MARKETPLACES.stream().map(Provider::wireName).sorted().collect(Collectors.joining(" or "));

    SourcesCriterion() {
        super("sources", Index.DECIDES, Clause.SOURCE);
    }

    @Override
    public Optional<String> faultOfNull() {
        return Optional.of(named(" is required and must be a non-empty list"));
    }

    @Override
    public Optional<String> fault(Object given) {
        if (!(given instanceof List<?> names) || names.isEmpty()) {
            return Optional.of(named(" must be a non-empty list"));
        }
        boolean any = false;
        for (Object each : names) {
            if (!(each instanceof String text)) {
                return Optional.of(named(" entries must be strings"));
            }
            String name = normalName(text);
            if (name.isEmpty()) {
                continue;
            }
            if (Provider.fromWireName(name).filter(MARKETPLACES::contains).isEmpty()) {
                return Optional.of("Invalid provider source: " + name + "; " + CHOICE);
            }
            any = true;
        }
        return any ? Optional.empty() : Optional.of(named(" must contain at least one valid provider; " + CHOICE));
    }

    /** Each name once, in the order given. */
    @Override
    public Object normal(Object given) {
        var names = new LinkedHashSet<String>();
        ((List<?>) given).forEach(name -> names.add(normalName((String) name)));
        names.remove("");
        return List.copyOf(names);
    }

    /** Unknown names are left out; where nothing is left although some were named, the rule matches nothing, not everything. */
    @Override
    boolean read(Object stored, RuleQuery.Draft into) {
        if (!(stored instanceof Collection<?> names)) {
            return false;
        }
        boolean all = true;
        for (Object each : names) {
            if (each instanceof String name && !name.isBlank()) {
                Optional<Provider> known = Provider.fromWireName(name);
                known.ifPresentOrElse(into::source, into::unknownSource);
                all &= known.isPresent();
            } else {
                all &= each instanceof String;
            }
        }
        return all;
    }

    @Override
    void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses) {
        if (query.sources().isEmpty()) {
            return;
        }
        String expected = query.sources().stream().map(Provider::title).collect(Collectors.joining(" or "));
        Outcome outcome = query.sources().contains(offer.provider()) ? Outcome.PASS : Outcome.FAIL;
        clauses.add(
                new Clause(Clause.SOURCE, outcome, expected, offer.provider().title()));
    }

    @Override
    String sentence(Clause clause) {
        return passed(clause) ? "found on " + clause.seen() : clause.seen() + " is not " + clause.expected();
    }

    private static String normalName(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
