package io.waxwatch.common.claims;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** OutageBackoff in a row with something that is away: how long to rest after each, and which of them to tell. Of one context. */
public final class OutageBackoff {

    /** Longest rest after the first trouble; it doubles with each further one, and half of it is left to chance. */
    private static final Duration FIRST_REST = Duration.ofMillis(250);

    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 10;
    /** The first trouble tells the story; the rest of an outage is one line for every eighth. */
    private static final int TOLD_EVERY = 8;

    private final RandomGenerator random;
    private int inARow;

    /** @param random spreads the rests */
    public OutageBackoff(RandomGenerator random) {
        this.random = random;
    }

    /** Counts one more, and says how long to rest. */
    public Duration another() {
        long longest = Math.min(LONGEST_REST.toMillis(), FIRST_REST.toMillis() << Math.min(inARow, MAX_DOUBLINGS));
        inARow++;
        return Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1));
    }

    /** Whether the one just counted should be logged. */
    public boolean worthTelling() {
        return inARow % TOLD_EVERY == 1;
    }

    /** How many there have been since it last went well. */
    public int inARow() {
        return inARow;
    }

    /** It went well. */
    public void over() {
        inARow = 0;
    }
}
