package io.waxwatch.gateway.auth;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Lets a line through once a minute for what is the same, and a few a minute of one kind: anybody can send us what we have to
 * complain of, and must not fill the log with it. Safe for all threads.
 */
public final class LogBudget {

    static final Duration WINDOW = Duration.ofMinutes(1);
    static final int MOST_OF_A_KIND = 5;

    private static final int MAX_CHARACTERS = 200;

    /** What was said of one kind in this window, and what was not. */
    private static final class Kind {
        private final Set<String> said = new HashSet<>();
        private long passedOver;
    }

    private final LongSupplier nanoClock;
    private final Map<String, Kind> kinds = new HashMap<>();
    private long began;

    /** @param nanoClock monotonic, in nanoseconds */
    public LogBudget(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.began = nanoClock.getAsLong();
    }

    /**
     * Whether to write a line.
     *
     * @param kind one of a few words of ours
     * @param what may be anything
     * @return how many of the kind were passed over since its last line; empty for not now
     */
    public synchronized OptionalLong admit(String kind, String what) {
        long now = nanoClock.getAsLong();
        if (now - began >= WINDOW.toNanos()) {
            began = now;
            kinds.values().forEach(old -> old.said.clear());
        }
        Kind mine = kinds.computeIfAbsent(kind, first -> new Kind());
        if (mine.said.contains(what) || mine.said.size() >= MOST_OF_A_KIND) {
            mine.passedOver++;
            return OptionalLong.empty();
        }
        mine.said.add(what);
        long passedOver = mine.passedOver;
        mine.passedOver = 0;
        return OptionalLong.of(passedOver);
    }

    /** As a text that is short enough for a line, whoever made it up. */
    static String cut(Object value) {
        String text = String.valueOf(value);
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "\u2026";
    }
}
