package io.waxwatch.provider.quota;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a process allows itself without the ledger, one call at a time, whatever the lane. While Redis is away it is a tenth of
 * the budget's pace, for nobody knows how many processes there are; where Redis is switched off it is nine tenths, and there must
 * be one process only. It begins with nothing, for the others may just have spent everything. Of one event loop.
 */
final class LocalBudget {

    /** While Redis is away. */
    static final double AWAY = 0.1;

    /** Where there is none. */
    static final double SWITCHED_OFF = 0.9;

    private static final String REASON = "alone";

    private final double perMilli;
    private final LongSupplier nanoClock;
    private double saved;
    private long at;
    private long heldUntil;

    /**
     * @param share of the budget, 0 to 1
     * @param nanoClock as {@link System#nanoTime}
     */
    LocalBudget(Budget budget, double share, LongSupplier nanoClock) {
        double period = budget.period() == Budget.Period.MINUTE ? 60_000 : 86_400_000;
        this.perMilli = budget.calls() * share / period;
        this.nanoClock = nanoClock;
        this.at = nanoClock.getAsLong();
        this.heldUntil = at;
    }

    QuotaAnswer take() {
        fill();
        double held = (heldUntil - at) / 1e6;
        if (held > 0) {
            return answer(false, (long) Math.ceil(held));
        }
        if (saved < 1) {
            return answer(false, (long) Math.ceil((1 - saved) / perMilli));
        }
        saved -= 1;
        return answer(true, 0);
    }

    /** The marketplace wants to be left alone. */
    void hold(long millis) {
        fill();
        saved = 0;
        heldUntil = Math.max(heldUntil, at + millis * 1_000_000);
    }

    /** Begins anew with nothing: whoever comes back from the ledger has spent there. */
    void empty() {
        fill();
        saved = 0;
    }

    private void fill() {
        long now = nanoClock.getAsLong();
        saved = Math.min(1, saved + (now - at) / 1e6 * perMilli);
        at = now;
    }

    private QuotaAnswer answer(boolean granted, long wait) {
        return new QuotaAnswer(granted, wait, granted ? "" : REASON, -1, 0, 0, 0, List.of());
    }
}
