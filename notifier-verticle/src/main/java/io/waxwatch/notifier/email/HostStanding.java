package io.waxwatch.notifier.email;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mail host thinks of us. While it refuses us, mails are held and somebody has to mend something: one line at ERROR says what,
 * once for each such time, and a gauge stands at 1 until the host takes a mail again.
 *
 * <p>Of one context, but for the gauge.
 */
public final class HostStanding {

    private static final Logger log = LoggerFactory.getLogger(HostStanding.class);

    /** So many mails in a row without one that was taken: then it is not about them. */
    private static final int IN_A_ROW = 3;
    /** A host that takes one sender's mails now and then is not told of each time. */
    private static final Duration TOLD_EVERY = Duration.ofMinutes(15);

    private final Clock clock;
    private volatile boolean refusing;
    private int inARow;
    private int credit;
    private Instant told = Instant.EPOCH;

    public HostStanding(Metrics metrics, Clock clock) {
        this.clock = clock;
        metrics.gauge(Name.MAIL_HOST_REFUSING, () -> refusing ? 1 : 0);
    }

    /** Counts one more refusal of us; answers whether all mails are concerned. */
    boolean refused(SmtpStep step, SmtpReply reply) {
        inARow++;
        boolean all = step.ofSession() || step == SmtpStep.MAIL || inARow >= IN_A_ROW;
        boolean first = !refusing;
        refusing = true;
        if (first && Duration.between(told, clock.instant()).compareTo(TOLD_EVERY) >= 0) {
            told = clock.instant();
            log.error(
                    "notifications.email.host_refuses_us",
                    kv("step", step.name()),
                    kv("answer", reply.told()),
                    kv("mend", SmtpVerdict.advice(step, reply)));
        }
        return all;
    }

    /**
     * Whether a host that calls a mailbox unknown is to be believed. With an enhanced status code it is. Without one, "unknown" may only
     * mean that the host is not to relay for us (OpenSMTPD says so), and every reader would be suppressed; so it is believed when it takes
     * mails of ours for others.
     */
    boolean believed(SmtpReply noMailbox) {
        if (noMailbox.subject() >= 0) {
            return true;
        }
        if (credit == 0) {
            return false;
        }
        credit--;
        return true;
    }

    /** The host took a mail. */
    void accepted() {
        inARow = 0;
        credit = IN_A_ROW;
        if (refusing) {
            refusing = false;
            log.info("notifications.email.host_takes_mails_again");
        }
    }
}
