package io.waxwatch.common.redis;

import static net.logstash.logback.argument.StructuredArguments.kv;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That Redis is away, as all its users in this process see it together: told once an outage and reason, not once a request,
 * attempt or event loop, and once more when it is over. Safe for all threads.
 */
public final class RedisOutage {

    /** What Redis' own refusals begin with: {@code READONLY You can't write …}. */
    private static final Pattern REFUSAL = Pattern.compile("([A-Z]{2,}) .*", Pattern.DOTALL);
    /** Some servers repeat the arguments of a command that they do not know, and a password is one. */
    private static final Pattern ARGUMENTS = Pattern.compile(",? with args.*", Pattern.DOTALL);

    private static final Logger log = LoggerFactory.getLogger(RedisOutage.class);

    private final Set<String> told = new HashSet<>();
    private final String user;
    private int without;

    /** @param user who is without Redis, as the log's events begin: {@code throttle.redis.away} */
    public RedisOutage(String user) {
        this.user = user;
    }

    /** Whether anybody is without Redis now. */
    public synchronized boolean isOn() {
        return without > 0;
    }

    /** One more is without it. */
    synchronized void begin(Throwable cause) {
        without++;
        goesOn(cause);
    }

    /** Who is without it has tried again, in vain. */
    synchronized void goesOn(Throwable cause) {
        String reason = reason(cause);
        if (told.add(reason)) {
            log.warn(user + ".redis.away", kv("reason", reason), kv("error", message(cause)));
        }
    }

    /** One of those without has it back. */
    synchronized void end() {
        without--;
        if (without == 0) {
            told.clear();
            log.info(user + ".redis.back");
        }
    }

    /** One of those without does not want it any more. */
    synchronized void leave() {
        without--;
        if (without == 0) {
            told.clear();
        }
    }

    private static String reason(Throwable cause) {
        Matcher refusal = REFUSAL.matcher(message(cause));
        return refusal.matches() ? refusal.group(1) : cause.getClass().getSimpleName();
    }

    private static String message(Throwable cause) {
        return ARGUMENTS.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
    }
}
