package io.waxwatch.gateway.idempotency;

import io.vertx.core.buffer.Buffer;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A creating request that may come twice: the second time with the same key it is answered as the first time.
 *
 * @param route method and path template; keys of one route say nothing about another
 * @param key empty when the caller gave none: then each request creates
 * @param bodyHash SHA-256 of the body's bytes
 */
public record IdempotentRequest(UUID userId, String route, Optional<String> key, Buffer bodyHash) {

    private static final String HEADER = "idempotency-key";
    private static final int MAX_LENGTH = 255;
    /** What may stand in a header without quotes or encodings; logs and rows stay readable. */
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

    /** Reads the header; a key that is none is refused with 422. */
    public static IdempotentRequest of(Call call) {
        Optional<String> key = call.header(HEADER);
        key.filter(given -> !KEY.matcher(given).matches()).ifPresent(given -> {
            var violations = new Violations();
            violations.value(
                    List.of("header", HEADER),
                    "an Idempotency-Key is 1 to " + MAX_LENGTH + " visible ASCII characters",
                    given.length() > MAX_LENGTH ? given.substring(0, MAX_LENGTH) : given);
            violations.refuseIfAny();
        });
        return new IdempotentRequest(call.userId(), call.route(), key, Buffer.buffer(Digests.sha256(call.bodyBytes())));
    }
}
