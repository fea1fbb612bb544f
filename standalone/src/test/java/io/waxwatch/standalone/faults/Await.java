package io.waxwatch.standalone.faults;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The one place that waits: looks again and again, for a bounded time, and says what it waited for. */
final class Await {

    private static final long LOOK_MILLIS = 25;

    private Await() {}

    /** Something that may be looked at while half the system is down; what it throws counts as "not yet". */
    @FunctionalInterface
    interface Look<T> {
        T look() throws Exception;
    }

    /** Waits until the look gives true. */
    static void until(String what, Duration limit, Supplier<String> evidence, Look<Boolean> look) {
        value(what, limit, evidence, () -> look.look() ? Boolean.TRUE : null);
    }

    /**
     * Waits until the look gives something.
     *
     * @param evidence what to show when it never does
     * @return what the look gave, never null
     */
    static <T> T value(String what, Duration limit, Supplier<String> evidence, Look<T> look) {
        long deadline = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            try {
                T seen = look.look();
                if (seen != null) {
                    return seen;
                }
                last = null;
            } catch (Exception notYet) {
                last = notYet;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "Not within " + limit.toSeconds() + " s: " + what + (last == null ? "" : " (" + last + ")")
                                + "\n" + evidence.get(),
                        last);
            }
            pause(LOOK_MILLIS);
        }
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", interrupted);
        }
    }
}
