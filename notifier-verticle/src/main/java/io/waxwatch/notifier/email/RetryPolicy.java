package io.waxwatch.notifier.email;

import io.waxwatch.common.failure.Backoff;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;
import java.time.Instant;

/**
 * When a mail is tried again, and when no more. What the host says of the mail counts; that there was no host, or one that refuses
 * us, does not.
 *
 * @param first wait before the first retry; doubled with each further one
 * @param longest wait between two tries
 * @param retries a mail that the host puts off is retried at least so often; one that was handed over without an answer at most so
 *     often
 * @param retryFor how long a mail is retried that the host puts off, from the first time on
 * @param holdFor how old a mail becomes at most while the host is away or refuses us
 */
public record RetryPolicy(Duration first, Duration longest, int retries, Duration retryFor, Duration holdFor) {

    /** Longest wait of a mail whose host is away: when it is back, nobody should wait ten minutes more. */
    private static final Duration LONGEST_WHILE_AWAY = Duration.ofSeconds(30);
    /** First wait of a mail that may have arrived: a second copy is worse than a late one. */
    private static final Duration FIRST_UNCERTAIN = Duration.ofMinutes(5);

    public static RetryPolicy from(Settings settings) {
        return new RetryPolicy(
                settings.get(SettingsCatalog.NOTIFICATION_RETRY_BACKOFF_SECONDS),
                settings.get(SettingsCatalog.NOTIFICATION_RETRY_MAX_DELAY_SECONDS),
                settings.get(SettingsCatalog.NOTIFICATION_MAX_RETRIES),
                settings.get(SettingsCatalog.NOTIFICATION_RETRY_FOR_HOURS),
                settings.get(SettingsCatalog.NOTIFICATION_HOLD_FOR_HOURS));
    }

    /** Whether a mail that the host puts off once more is tried again. */
    public boolean mayRetry(ClaimedDelivery.Past past, Instant now) {
        return past.refusedSince() == null
                || past.refusals() < retries
                || now.isBefore(past.refusedSince().toInstant().plus(retryFor));
    }

    /** Whether a mail that was handed over without an answer once more is tried again. */
    public boolean mayRepeat(ClaimedDelivery.Past past) {
        return past.uncertain() < retries;
    }

    /** Whether a mail of this age still waits for a host. */
    public boolean mayHold(Duration age) {
        return age.compareTo(holdFor) < 0;
    }

    /**
     * The wait of a mail that is put off: doubled each time, and half of it by chance.
     *
     * @param refusals so far, this one included
     * @param chance 0 (inclusive) to 1 (exclusive)
     */
    public Duration pause(int refusals, double chance) {
        return new Backoff(first, longest).equalJitter(refusals, chance);
    }

    /** The same, with the number of attempts, while the host is away. */
    public Duration pauseWhileAway(int attempt, double chance) {
        Duration cap = longest.compareTo(LONGEST_WHILE_AWAY) < 0 ? longest : LONGEST_WHILE_AWAY;
        return new Backoff(first, cap).equalJitter(attempt, chance);
    }

    /** The same of a mail that may have arrived; it has no cap, for there are few of them. */
    public Duration pauseWhenUncertain(int times, double chance) {
        return new Backoff(FIRST_UNCERTAIN, retryFor).equalJitter(times, chance);
    }
}
