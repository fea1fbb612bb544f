package io.waxwatch.provider.http;

import static io.waxwatch.provider.http.ScriptedSender.failed;
import static io.waxwatch.provider.http.ScriptedSender.failure;
import static io.waxwatch.provider.http.ScriptedSender.ok;
import static io.waxwatch.provider.http.ScriptedSender.unanswered;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.http.Outbound.Asked;
import io.waxwatch.provider.http.Outbound.Counted;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaSenderTest {

    private final Counted counted = new Counted();
    private final Asked quota = new Asked();

    @Test
    void nothing_is_sent_before_the_quota_admits_it() {
        Promise<Void> turn = Promise.promise();
        quota.answer = turn.future();
        ScriptedSender within = ScriptedSender.of(ok());

        Future<CallResult<String>> sent = sender(within).send(ScriptedSender.attempt());

        assertThat(within.attempts).isEmpty();
        turn.complete();
        assertThat(within.attempts).hasSize(1);
        assertThat(sent.result().value()).isEqualTo("read");
    }

    @Test
    void a_refusal_is_counted_and_sends_nothing() {
        ProviderFailure refusal = failure(ErrorType.QUOTA).withRetryAfter(Duration.ofMinutes(1));
        quota.answer = Future.failedFuture(refusal);
        ScriptedSender within = ScriptedSender.of(ok());

        CallResult<String> result =
                sender(within).send(ScriptedSender.attempt()).result();

        assertThat(result.failure()).contains(refusal);
        assertThat(within.attempts).isEmpty();
        assertThat(counted.failures).containsExactly("quota none");
        assertThat(counted.results).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "INTERACTIVE, PT30S, PT5S",
        "INTERACTIVE, PT2S, PT2S",
        "DUE, PT30S, PT30S",
        "BACKGROUND, PT7S, PT7S",
        "DUE, PT0S, PT0S"
    })
    void says_for_whom_it_asks_and_how_long_they_would_wait(CallLane lane, Duration left, Duration patience) {
        CallPurpose purpose = CallPurpose.of(lane, UUID.randomUUID());

        sender(ScriptedSender.of(ok())).send(ScriptedSender.attempt(CallRecorder.none(), purpose, left));

        assertThat(quota.purposes).containsExactly(purpose);
        assertThat(quota.patience).containsExactly(patience);
    }

    @Test
    void tells_the_quota_of_every_answer_and_of_nothing_else() {
        QuotaSender sender =
                sender(ScriptedSender.of(ok(), failed(429, ErrorType.RATE_LIMITED), unanswered(ErrorType.TIMEOUT)));

        for (int i = 0; i < 3; i++) {
            sender.send(ScriptedSender.attempt());
        }

        assertThat(quota.answers).extracting(OutboundAnswer::status).containsExactly(200, 429);
    }

    @Test
    void a_quota_that_breaks_is_a_failure_that_says_so() {
        quota.answer = Future.failedFuture(new IllegalStateException("no script"));

        CallResult<String> result =
                sender(ScriptedSender.of(ok())).send(ScriptedSender.attempt()).result();

        assertThat(result.failure())
                .hasValueSatisfying(
                        failure -> assertThat(failure.publicText()).isEqualTo("Test quota could not be asked"));
    }

    private QuotaSender sender(CallSender within) {
        return new QuotaSender(within, quota, "test", counted);
    }
}
