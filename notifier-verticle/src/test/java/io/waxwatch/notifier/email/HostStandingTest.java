package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waxwatch.common.telemetry.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HostStandingTest {

    private static final SmtpReply NO = new SmtpReply(554, List.of("5.7.1 Relay access denied"));

    private final Logger logger = (Logger) LoggerFactory.getLogger(HostStanding.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Metrics metrics = new Metrics("test");
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private HostStanding standing;

    @BeforeEach
    void open() {
        lines.start();
        logger.addAppender(lines);
        standing = new HostStanding(metrics, new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        });
    }

    @AfterEach
    void close() {
        logger.detachAppender(lines);
    }

    private long alarms() {
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.ERROR)
                .count();
    }

    private void gauge(String value) {
        assertThat(metrics.scrape()).contains("waxwatch_mail_host_refusing{service=\"test\"} " + value);
    }

    @Test
    void an_outage_is_told_once_and_shown_until_a_mail_is_taken() {
        gauge("0.0");
        for (int i = 0; i < 50; i++) {
            standing.refused(SmtpStep.RCPT, NO);
        }
        assertThat(alarms()).isEqualTo(1);
        gauge("1.0");

        standing.accepted();
        gauge("0.0");

        now = now.plus(Duration.ofHours(1));
        standing.refused(SmtpStep.RCPT, NO);
        assertThat(alarms()).isEqualTo(2);
    }

    @Test
    void a_host_that_refuses_now_and_then_does_not_fill_the_log() {
        for (int i = 0; i < 50; i++) {
            standing.refused(SmtpStep.RCPT, NO);
            standing.accepted();
        }
        assertThat(alarms()).isEqualTo(1);
    }

    @Test
    void one_mail_is_held_by_itself_until_there_are_several_in_a_row() {
        assertThat(standing.refused(SmtpStep.RCPT, NO)).isFalse();
        assertThat(standing.refused(SmtpStep.RCPT, NO)).isFalse();
        assertThat(standing.refused(SmtpStep.RCPT, NO)).isTrue();
        standing.accepted();
        assertThat(standing.refused(SmtpStep.END, NO)).isFalse();
        assertThat(standing.refused(SmtpStep.AUTH, NO))
                .as("before any mail it is about all")
                .isTrue();
        standing.accepted();
        assertThat(standing.refused(SmtpStep.MAIL, NO))
                .as("the sender is that of all")
                .isTrue();
    }

    @Test
    void a_bare_unknown_mailbox_is_believed_of_a_host_that_takes_mails_for_others() {
        var bare = new SmtpReply(550, List.of("Invalid recipient: <collector@example.com>"));
        var enhanced = new SmtpReply(550, List.of("5.1.1 User unknown"));

        assertThat(standing.believed(enhanced)).isTrue();
        assertThat(standing.believed(bare)).as("it has taken nothing yet").isFalse();
        standing.accepted();
        assertThat(standing.believed(bare)).isTrue();
        assertThat(standing.believed(bare)).isTrue();
        assertThat(standing.believed(bare)).isTrue();
        assertThat(standing.believed(bare))
                .as("the fourth in a row without one that is taken")
                .isFalse();
        assertThat(SmtpVerdict.advice(SmtpStep.RCPT, bare)).contains("relay");
    }
}
