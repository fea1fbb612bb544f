package io.waxwatch.notifier.email;

import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.time.Duration;

/**
 * When a mail is tried again.
 *
 * @param first wait before the first retry; doubled with each further one
 * @param longest wait between two tries
 * @param maxRetries of a mail that the host puts off; one that only waits for an absent host is not counted
 */
public record RetryPolicy(Duration first, Duration longest, int maxRetries) {

    /** Longest wait of a mail whose host is away: when it is back, nobody should wait ten minutes more. */
    private static final Duration LONGEST_WHILE_AWAY = Duration.ofSeconds(30);
    /** An alert for a record is worth nothing any more after so long without a host to take it. */
    static final Duration GIVE_UP_AFTER = Duration.ofHours(24);

    public static RetryPolicy from(Settings settings) {
        return new RetryPolicy(
                settings.get(SettingsCatalog.NOTIFICATION_RETRY_BACKOFF_SECONDS),
                settings.get(SettingsCatalog.NOTIFICATION_RETRY_MAX_DELAY_SECONDS),
                settings.get(SettingsCatalog.NOTIFICATION_MAX_RETRIES));
    }

    /** Whether a mail that the host put off at this attempt (1 is the first) may be tried again. */
    public boolean mayRetry(int attempt) {
        return attempt <= maxRetries;
    }

    /**
     * The wait after this attempt: doubled each time, and half of it by chance.
     *
     * @param chance 0 (inclusive) to 1 (exclusive)
     */
    public Duration pause(int attempt, double chance) {
        return spread(longest, attempt, chance);
    }

    /** The same while the host is away. */
    public Duration pauseWhileAway(int attempt, double chance) {
        return spread(longest.compareTo(LONGEST_WHILE_AWAY) < 0 ? longest : LONGEST_WHILE_AWAY, attempt, chance);
    }

    private Duration spread(Duration cap, int attempt, double chance) {
        long full = Math.min(cap.toMillis(), first.toMillis() << Math.min(Math.max(attempt, 1) - 1, 20));
        return Duration.ofMillis(Math.round(full * (0.5 + chance / 2)));
    }
}
