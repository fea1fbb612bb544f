package io.waxwatch.gateway.watchrules;

import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.RuleQuery;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the owner decides about a rule.
 *
 * @param query plain maps, lists, texts and numbers; see {@code RuleQuery}
 * @param pollIntervalSeconds how often the owner wants it polled
 * @param currencyDefaulted whether the currency of its bounds was not named, but taken from the owner's profile
 */
public record RuleState(
        String name, Map<String, Object> query, boolean active, int pollIntervalSeconds, boolean currencyDefaulted) {

    private static final String CURRENCY = Criteria.CURRENCY.key();

    /** One whose owner has named whatever it needs, or is yet to be asked. */
    public RuleState(String name, Map<String, Object> query, boolean active, int pollIntervalSeconds) {
        this(name, query, active, pollIntervalSeconds, false);
    }

    /** Whether it has a bound and no currency, as nothing that is stored has. */
    boolean lacksCurrency() {
        return RuleQuery.fromStored(query).lacksCurrency();
    }

    /**
     * The same with its bounds in a currency: as named, else the owner's of now, else US dollars. What its owner chooses later
     * no longer moves it.
     *
     * @param owners currency of the owner's profile; null for none
     */
    RuleState priced(String owners) {
        if (!lacksCurrency()) {
            return this;
        }
        var priced = new LinkedHashMap<>(query);
        priced.put(CURRENCY, RuleQuery.currencyOf(owners));
        return new RuleState(name, priced, active, pollIntervalSeconds, true);
    }
}
