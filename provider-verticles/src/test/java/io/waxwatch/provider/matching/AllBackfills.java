package io.waxwatch.provider.matching;

import io.vertx.core.Future;

/** Does every backfill that is due, for tests that have no loop running. */
public final class AllBackfills {

    private AllBackfills() {}

    /** One after the other; answers how many events came of them. */
    public static Future<Integer> of(Backfill backfill) {
        return backfill.claim()
                .compose(look -> look.isEmpty()
                        ? Future.succeededFuture(0)
                        : backfill.run(look.get())
                                .compose(events -> of(backfill).map(more -> events + more)));
    }
}
