package io.waxwatch.common.quarantine;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Does work on many items that failed for all of them because of one: by halves, each half by itself, so that what is wrong
 * with some items costs only those. For the rare case; n items of which one is bad take some 2 log n steps.
 */
public final class Sieve {

    /** What becomes of an item that cannot be done. */
    @FunctionalInterface
    public interface Refused<T> {
        Future<Void> put(T item, Throwable cause);
    }

    private Sieve() {}

    /**
     * @param work on some of the items, all or nothing: a transaction of its own, harmless when repeated
     * @return what the work gave for those that could be done; fails when something else than the data is wrong
     */
    public static <T, R> Future<List<R>> pass(List<T> items, Function<List<T>, Future<R>> work, Refused<T> refused) {
        List<R> done = new ArrayList<>();
        return pass(items, work, refused, done).map(done);
    }

    private static <T, R> Future<Void> pass(
            List<T> items, Function<List<T>, Future<R>> work, Refused<T> refused, List<R> done) {
        if (items.isEmpty()) {
            return Future.succeededFuture();
        }
        return Future.succeededFuture(items)
                .compose(work)
                .<Void>map(result -> {
                    done.add(result);
                    return null;
                })
                .recover(cause -> {
                    if (!BadData.isCauseOf(cause)) {
                        return Future.failedFuture(cause);
                    }
                    if (items.size() == 1) {
                        return refused.put(items.get(0), cause);
                    }
                    int half = items.size() / 2;
                    return pass(items.subList(0, half), work, refused, done)
                            .compose(first -> pass(items.subList(half, items.size()), work, refused, done));
                });
    }
}
