package io.waxwatch.provider.matching;

import io.vertx.core.Future;

/** Does every first look that is due, for tests that have no loop running. */
public final class AllFirstLooks {

    private AllFirstLooks() {}

    /** One after the other; answers how many events came of them. */
    public static Future<Integer> of(FirstLook firstLook) {
        return firstLook
                .claim()
                .compose(look -> look.isEmpty()
                        ? Future.succeededFuture(0)
                        : firstLook
                                .run(look.get())
                                .compose(events -> of(firstLook).map(more -> events + more)));
    }
}
