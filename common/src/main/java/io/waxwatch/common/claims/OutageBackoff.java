package io.waxwatch.common.claims;

import io.waxwatch.common.failure.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Counts failures in a row of something that is away: how long to pause after each, and which to log. Of one context. */
public final class OutageBackoff {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));
    /** The first failure tells the story; the rest of an outage is one line for every eighth. */
    private static final int TOLD_EVERY = 8;

    private final RandomGenerator random;
    private int inARow;

    /** @param random spreads the pauses */
    public OutageBackoff(RandomGenerator random) {
        this.random = random;
    }

    /** Counts one more, and says how long to pause. */
    public Duration another() {
        inARow++;
        return BACKOFF.equalJitter(inARow, random);
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
