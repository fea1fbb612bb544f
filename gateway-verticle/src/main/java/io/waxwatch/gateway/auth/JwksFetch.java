package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.waxwatch.gateway.http.Refusal;
import java.net.URI;
import java.time.Duration;

/** One download of the issuer's key set: five seconds and 256 KiB at most, no redirects. */
final class JwksFetch {

    /** The contract's deadline. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 256 * 1024;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final IssuerHttp http;
    private final String url;

    JwksFetch(Vertx vertx, URI url) {
        this.http = new IssuerHttp(vertx, DEADLINE, MAX_BYTES);
        this.url = url.toString();
    }

    /** Fails with a 503 {@link Refusal} in the contract's words. */
    Future<KeySet> fetch() {
        var options = new RequestOptions()
                .setAbsoluteURI(url)
                .setMethod(HttpMethod.GET)
                .putHeader("accept", "application/json");
        return http.send(options, null)
                .recover(cause -> Future.failedFuture(unreachable()))
                .map(reply -> {
                    if (!reply.isSuccess()) {
                        throw unreachable();
                    }
                    return parse(reply.body());
                });
    }

    Future<Void> close() {
        return http.close();
    }

    private static KeySet parse(Buffer body) {
        try {
            return KeySet.parse(body.toJsonObject());
        } catch (DecodeException | ClassCastException | IllegalArgumentException invalid) {
            throw Refusal.unavailable("invalid jwks response", RETRY_AFTER_SECONDS);
        }
    }

    private static Refusal unreachable() {
        return Refusal.unavailable("unable to fetch jwks", RETRY_AFTER_SECONDS);
    }
}
