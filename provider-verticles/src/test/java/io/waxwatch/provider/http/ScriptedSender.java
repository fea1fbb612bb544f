package io.waxwatch.provider.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The link within the one that is tested: answers from a script, whose last line repeats, and keeps what it was
 * asked.
 */
final class ScriptedSender implements CallSender {

    final List<CallAttempt<?>> attempts = new ArrayList<>();
    private final Deque<Future<CallResult<String>>> script = new ArrayDeque<>();

    @SafeVarargs
    static ScriptedSender of(CallResult<String>... results) {
        var sender = new ScriptedSender();
        for (CallResult<String> result : results) {
            sender.script.add(Future.succeededFuture(result));
        }
        return sender;
    }

    /** Ends when this does. */
    ScriptedSender then(Future<CallResult<String>> result) {
        script.add(result);
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // The tests read texts.
    public <T> Future<CallResult<T>> send(CallAttempt<T> attempt) {
        attempts.add(attempt);
        Future<CallResult<String>> next = script.size() > 1 ? script.poll() : script.peek();
        return (Future<CallResult<T>>) (Future<?>) next;
    }

    static CallResult<String> ok(String... headers) {
        return CallResult.success(answer(200, headers), "read");
    }

    static CallResult<String> failed(int status, ErrorType type, String... headers) {
        return CallResult.refused(answer(status, headers), failure(type).withStatus(status));
    }

    static CallResult<String> unanswered(ErrorType type) {
        return CallResult.unanswered(failure(type));
    }

    /** The kind plays no part for the links: they go by the type. */
    static ProviderFailure failure(ErrorType type) {
        return ProviderFailure.of(Kind.UNAVAILABLE, type, "Test " + type.code());
    }

    static OutboundAnswer answer(int status, String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        return new OutboundAnswer(status, map, Buffer.buffer("{}"));
    }

    static CallAttempt<String> attempt(CallRecorder recorder, CallPurpose purpose, Duration left) {
        OutboundCall call = OutboundCall.get(
                "Test",
                "/thing",
                Map.of("q", "words"),
                Map.of("Authorization", "s3cret"),
                answer -> Optional.ofNullable(answer.intHeader("X-Left"))
                        .<Map<String, Object>>map(number -> Map.of("left", number))
                        .orElse(Map.of()),
                purpose);
        return new CallAttempt<>(call, answer -> answer.body().toString(), recorder, 1, left);
    }

    static CallAttempt<String> attempt() {
        return attempt(CallRecorder.none(), CallPurpose.everybody(CallLane.DUE), Duration.ofSeconds(30));
    }
}
