package io.waxwatch.common.matching;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A bound of the price: {@code min_price}, {@code max_price}, inclusive. Prices are compared only within one currency: nothing
 * is converted.
 */
final class PriceCriterion extends Criterion {
    static final PriceCriterion LOWEST = new PriceCriterion(Clause.MIN_PRICE, 1);
    static final PriceCriterion HIGHEST = new PriceCriterion(Clause.MAX_PRICE, -1);

    /** The sign of the price compared with the bound that satisfies it, besides 0. */
    private final int side;

    private PriceCriterion(String key, int side) {
        super(key, Index.DECIDES, key);
        this.side = side;
    }

    @Override
    public Optional<String> faultOfNull() {
        // The contract's own; it does not know a lowest price.
        return side < 0 ? Optional.of(named(" must be a numeric value")) : Optional.empty();
    }

    @Override
    public Optional<String> fault(Object given) {
        if (!(given instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            return Optional.of(named(" must be a numeric value"));
        }
        return number.doubleValue() < 0 ? Optional.of(named(" must be non-negative")) : Optional.empty();
    }

    /**
     * The contract's: a highest price is kept as a floating-point number, a lowest as it came. In decimal digits, as it is read back:
     * a change to the same price is none.
     */
    @Override
    public Object normal(Object given) {
        return side < 0 ? (Object) new BigDecimal(Double.toString(((Number) given).doubleValue())) : given;
    }

    @Override
    boolean read(Object stored, RuleQuery.Draft into) {
        BigDecimal bound = number(stored);
        if (bound != null) {
            into.bound(this, bound);
        }
        return bound != null;
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

    @Override
    void judge(RuleQuery query, Offer offer, String title, List<Clause> clauses) {
        BigDecimal bound = side > 0 ? query.minPrice() : query.maxPrice();
        if (bound != null) {
            clauses.add(verdict(bound, query.boundCurrency(), offer));
        }
    }

    /** @param currency of the bound */
    Clause verdict(BigDecimal bound, String currency, Offer offer) {
        String expected = Prices.show(bound, currency);
        if (offer.price() == null) {
            return new Clause(key(), Outcome.UNKNOWN, expected, "");
        }
        String seen = Prices.show(offer.price(), offer.currency());
        if (!currency.equals(offer.currency())) {
            return new Clause(key(), Outcome.UNKNOWN, expected, seen);
        }
        int sign = offer.price().compareTo(bound);
        return new Clause(key(), sign == 0 || sign == side ? Outcome.PASS : Outcome.FAIL, expected, seen);
    }

    @Override
    String sentence(Clause clause) {
        String bound = clause.expected();
        return switch (clause.outcome()) {
            case PASS -> clause.seen() + (side > 0 ? " is at least " : " is at most ") + bound;
            case FAIL -> clause.seen() + (side > 0 ? " is below " : " is above ") + bound;
            case UNKNOWN ->
                clause.seen().isEmpty()
                        ? "there is no fixed price to compare with " + bound
                        : clause.seen() + " cannot be compared with " + bound;
        };
    }
}
