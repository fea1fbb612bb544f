package io.waxwatch.provider.http;

import static io.waxwatch.provider.http.ScriptedSender.failed;
import static io.waxwatch.provider.http.ScriptedSender.ok;
import static io.waxwatch.provider.http.ScriptedSender.unanswered;
import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.provider.http.Outbound.Counted;
import io.waxwatch.provider.http.Outbound.Recorded;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RecordingSenderTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Recorded recorded = new Recorded();
    private final Counted counted = new Counted();

    @Test
    void records_and_counts_an_attempt_that_succeeds() {
        CallResult<String> result = send(recorded, ok("X-Left", "7"));

        assertThat(result.value()).isEqualTo("read");
        assertThat(recorded.calls).singleElement().satisfies(call -> {
            assertThat(call.provider()).isEqualTo("test");
            assertThat(call.endpoint()).isEqualTo("/thing");
            assertThat(call.method()).isEqualTo("GET");
            assertThat(call.statusCode()).isEqualTo(200);
            assertThat(call.error()).isNull();
            assertThat(call.at()).isEqualTo(NOW);
            assertThat(call.meta())
                    .containsEntry("attempt", 1)
                    .containsEntry("attempts_total", 4)
                    .containsEntry("max_attempts", 4)
                    .containsEntry("left", 7)
                    .doesNotContainKeys("error_type", "retryable");
            assertThat(call.toString()).doesNotContain("s3cret", "words");
        });
        assertThat(counted.results).containsExactly("success 200");
        assertThat(counted.failures).isEmpty();
    }

    @Test
    void records_what_is_wrong_with_an_answer() {
        send(recorded, failed(503, ErrorType.SERVER_ERROR, "Retry-After", "2.5"));

        assertThat(recorded.calls).singleElement().satisfies(call -> {
            assertThat(call.statusCode()).isEqualTo(503);
            assertThat(call.error()).isEqualTo("Test server_error");
            assertThat(call.meta())
                    .containsEntry("error_type", "server_error")
                    .containsEntry("retry_after_seconds", 2.5)
                    .doesNotContainKeys("retryable", "response_invalid");
        });
        assertThat(counted.results).containsExactly("error 503");
        assertThat(counted.failures).containsExactly("server_error 503");
    }

    @Test
    void records_an_attempt_without_an_answer() {
        send(recorded, unanswered(ErrorType.TIMEOUT));

        assertThat(recorded.calls).singleElement().satisfies(call -> {
            assertThat(call.statusCode()).isNull();
            assertThat(call.meta()).containsEntry("retryable", true);
        });
        assertThat(counted.results).containsExactly("error none");
        assertThat(counted.failures).containsExactly("timeout none");
    }

    @Test
    void says_that_a_body_was_of_no_use() {
        ProviderFailure useless = ProviderFailure.of(Kind.INVALID_BODY, ErrorType.INVALID_BODY, "Test no JSON");

        send(recorded, CallResult.refused(ScriptedSender.answer(200), useless));

        assertThat(recorded.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.meta()).containsEntry("response_invalid", true));
    }

    @Test
    void a_recorder_that_throws_does_not_change_the_result() {
        CallResult<String> result = send(
                call -> {
                    throw new IllegalStateException("no room");
                },
                ok());

        assertThat(result.value()).isEqualTo("read");
        assertThat(counted.results).containsExactly("success 200");
    }

    private CallResult<String> send(CallRecorder recorder, CallResult<String> within) {
        var sender = new RecordingSender(
                ScriptedSender.of(within), "test", 4, Duration.ofHours(1), counted, Clock.fixed(NOW, ZoneOffset.UTC));
        return sender.send(
                        ScriptedSender.attempt(recorder, CallPurpose.everybody(CallLane.DUE), Duration.ofSeconds(30)))
                .result();
    }
}
