package io.waxwatch.common.failure;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause before the next attempt: at most {@code first} before the first retry, doubled with each further one, never more
 * than {@code longest}. Chance takes its part, so that those who failed together do not come back together.
 *
 * @param first longest pause before the first retry, at least a millisecond
 * @param longest no pause is longer; cuts {@code first} too
 */
public record Backoff(Duration first, Duration longest) {

    /** More would shift bits out; after so many even a millisecond has become twelve days. */
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (first.toMillis() < 1 || longest.toMillis() < 1) {
            throw new IllegalArgumentException("pauses of " + first + " to " + longest + " do not back off");
        }
    }

    /**
     * The longest pause after so many failures.
     *
     * @param failures in a row, this one included; less than one counts as one
     */
    public Duration ceiling(int failures) {
        int doublings = Math.min(Math.max(failures, 1) - 1, MOST_DOUBLINGS);
        long cap = longest.toMillis();
        long millis = first.toMillis();
        return Duration.ofMillis(millis > cap >> doublings ? cap : millis << doublings);
    }

    /** Anything from no pause to the ceiling: spreads best those who share what is away. */
    public Duration fullJitter(int failures, RandomGenerator random) {
        return Duration.ofMillis(random.nextLong(ceiling(failures).toMillis() + 1));
    }

    /** At least half of the ceiling: for one who must not come back at once. */
    public Duration equalJitter(int failures, RandomGenerator random) {
        return equalJitter(failures, random.nextDouble());
    }

    /** @param chance 0 (inclusive) to 1 (exclusive) */
    public Duration equalJitter(int failures, double chance) {
        return Duration.ofMillis(Math.round(ceiling(failures).toMillis() * (0.5 + chance / 2)));
    }
}
