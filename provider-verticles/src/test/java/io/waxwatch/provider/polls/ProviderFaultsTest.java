package io.waxwatch.provider.polls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.testing.TestNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A provider that fails is never "no results": nothing is invented, nothing ended, and it is asked again later. */
class ProviderFaultsTest {

    private RunningProvider provider;

    @BeforeEach
    void start() {
        provider = RunningProvider.start(Map.of());
        provider.list(3, "there before");
        assertThat(provider.sweep()).isEqualTo("success");
        provider.list(2, "listed meanwhile");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private void nothingHasChanged() {
        assertThat(provider.count("SELECT count(*) FROM listings")).isEqualTo(3);
        assertThat(provider.count("SELECT count(*) FROM listings WHERE status = 'active'"))
                .isEqualTo(3);
        assertThat(provider.count("SELECT count(*) FROM price_snapshots")).isEqualTo(3);
    }

    private long nextDue() {
        return provider.count("SELECT round(extract(epoch FROM next_due - now()))::bigint FROM poll_schedule");
    }

    @Test
    void the_shortest_lease_there_can_be_leaves_time_for_a_poll() {
        provider.close();
        provider = RunningProvider.start(Map.of("SCHEDULER_LEASE_SECONDS", "5"));

        assertThat(provider.sweep()).isEqualTo("success");
    }

    @ParameterizedTest
    @CsvSource({
        "status, server_error, 30",
        "silent, timeout, 30",
        "half-body, connection, 30",
        "garble, invalid_body, 30"
    })
    void a_fault_fails_the_poll_which_recovers_when_it_is_over(String mode, String error, long seconds) {
        provider.fault(new JsonObject().put("mode", mode).put("pathPrefix", "/buy/"));

        assertThat(provider.sweep()).isEqualTo("failed");

        nothingHasChanged();
        assertThat(provider.row("SELECT last_error FROM polls").getString(0)).isEqualTo(error);
        assertThat(provider.count("SELECT consecutive_failures FROM polls WHERE failing_since IS NOT NULL"))
                .isEqualTo(1);
        assertThat(nextDue()).isBetween(seconds - 2, seconds);
        assertThat(provider.count("SELECT count(*) FROM poll_schedule WHERE leased"))
                .isZero();
        provider.noFault();

        assertThat(provider.sweep()).isEqualTo("success");
        assertThat(provider.count("SELECT count(*) FROM listings")).isEqualTo(5);
        assertThat(provider.count(
                        "SELECT count(*) FROM polls WHERE consecutive_failures = 0 AND failing_since IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void a_retry_after_is_waited_for() {
        provider.fault(
                new JsonObject().put("mode", "rate-limit").put("retryAfter", 77).put("pathPrefix", "/buy/"));

        provider.sweep();

        assertThat(nextDue()).isBetween(75L, 77L);
    }

    @Test
    void a_provider_that_keeps_failing_is_left_alone() {
        provider.fault(new JsonObject().put("mode", "status").put("pathPrefix", "/buy/"));
        for (int i = 0; i < 6; i++) {
            assertThat(provider.sweep()).isEqualTo("failed");
        }
        assertThat(provider.row("SELECT last_error FROM polls").getString(0)).isEqualTo("breaker_open");
        provider.forgetRequests();

        assertThat(provider.sweep()).isEqualTo("failed");

        assertThat(provider.searches()).isZero();
        nothingHasChanged();
        assertThat(nextDue()).as("no longer than its interval").isBetween(118L, 120L);
        assertThat(provider.ready("ebay")).isEqualTo("degraded");
        assertThat(provider.ready("discogs")).as("the other goes on").isEqualTo("ok");
        var told = provider.node.node().bus().ask(Topics.PROVIDERS, new ProvidersAsked("r"));
        assertThat(TestNode.await(told).providers())
                .extracting(ProviderState::breaker)
                .containsExactly("closed", "open");
    }

    @Test
    void after_a_429_that_names_no_time_the_day_is_taken_for_spent_and_no_poll_fails_for_it() {
        provider.fault(new JsonObject()
                .put("mode", "rate-limit")
                .put("pathPrefix", "/buy/")
                .put("times", 1));
        assertThat(provider.sweep()).isEqualTo("failed");
        assertThat(provider.row("SELECT last_error FROM polls").getString(0)).isEqualTo("rate_limited");
        assertThat(nextDue()).isBetween(898L, 900L);
        provider.forgetRequests();

        assertThat(provider.sweep()).isEqualTo("deferred");

        assertThat(provider.searches()).isZero();
        assertThat(provider.count("SELECT consecutive_failures FROM polls")).isEqualTo(1);
        nothingHasChanged();
    }

    @Test
    void a_429_that_names_its_time_is_kept_to() {
        provider.fault(new JsonObject()
                .put("mode", "rate-limit")
                .put("pathPrefix", "/buy/")
                .put("retryAfter", 40)
                .put("times", 1));
        assertThat(provider.sweep()).isEqualTo("failed");
        assertThat(nextDue()).isBetween(31L, 40L);
        provider.forgetRequests();

        assertThat(provider.sweep()).as("due before its time by hand").isEqualTo("deferred");

        assertThat(provider.searches()).as("nothing is sent before the time").isZero();
        assertThat(provider.count("SELECT consecutive_failures FROM polls"))
                .as("what was not asked has not failed")
                .isEqualTo(1);
        nothingHasChanged();
    }

    @ParameterizedTest
    @CsvSource({
        "rate-limit, poll.failed quota.refused_upstream",
        "status, poll.failed poll.failed provider.breaker.opened"
    })
    void each_turn_of_an_outage_is_one_line_in_the_log_however_many_polls_meet_it(String mode, String said) {
        for (int i = 0; i < 12; i++) {
            provider.release(
                    provider.node.user("collector" + i + "@example.com"), 900_000_001L + i, "Floor " + i, null);
        }
        var logger = (Logger) LoggerFactory.getLogger("io.waxwatch.provider");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        try {
            provider.fault(new JsonObject().put("provider", "discogs").put("mode", mode));
            for (int round = 0; round < 3; round++) {
                for (ClaimedPoll poll : provider.claimAll(Provider.DISCOGS)) {
                    assertThat(provider.ask(poll)).isIn("failed", "deferred");
                }
            }
        } finally {
            logger.setLevel(before);
            logger.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list))
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .as("the fault, then the breaker: one line each, and one from the breaker itself")
                .containsExactlyInAnyOrder(said.split(" "));
    }

    @Test
    void a_release_that_the_marketplace_does_not_know_is_one_line_in_the_log_until_it_is_known() {
        provider.release(provider.node.user("ann@example.com"), 900_000_001L, "Floor", null);
        provider.release(provider.node.user("ben@example.com"), 900_000_002L, "Other floor", null);
        List<String> messages = logged(() -> {
            provider.fault(new JsonObject()
                    .put("provider", "discogs")
                    .put("mode", "status")
                    .put("status", 404));
            for (int round = 0; round < 3; round++) {
                askAll("failed");
            }
            provider.noFault();
            askAll("success");
            provider.fault(new JsonObject()
                    .put("provider", "discogs")
                    .put("mode", "status")
                    .put("status", 404));
            askAll("failed");
        });

        assertThat(messages)
                .filteredOn("poll.failed"::equals)
                .as("two polls, before and after")
                .hasSize(4);
        assertThat(messages).filteredOn("poll.recovered"::equals).hasSize(2);
    }

    private void askAll(String outcome) {
        for (ClaimedPoll poll : provider.claimAll(Provider.DISCOGS)) {
            assertThat(provider.ask(poll)).isEqualTo(outcome);
        }
    }

    /** The lines from INFO up that the provider writes meanwhile. */
    private static List<String> logged(Runnable work) {
        var logger = (Logger) LoggerFactory.getLogger("io.waxwatch.provider");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        try {
            work.run();
        } finally {
            logger.setLevel(before);
            logger.detachAppender(lines);
        }
        return List.copyOf(lines.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
