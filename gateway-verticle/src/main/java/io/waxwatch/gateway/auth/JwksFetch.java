package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.outbound.OutboundRequest;
import io.waxwatch.common.outbound.OutboundTransport;
import io.waxwatch.common.outbound.TransportOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** One download of the issuer's key set: five seconds and 256 KiB at most, no redirects. */
final class JwksFetch {

    /** The contract's deadline. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 256 * 1024;

    private final OutboundTransport http;
    private final String url;
    private final Function<JsonObject, KeySet> reader;

    /** @param reader of the document; throws an {@link IllegalArgumentException} that says why it is of no use */
    JwksFetch(Vertx vertx, URI url, Function<JsonObject, KeySet> reader) {
        this.http = new OutboundTransport(
                vertx,
                TransportOptions.to("issuer-keys", url)
                        .deadline(DEADLINE)
                        .maxBodyBytes(MAX_BYTES)
                        .build());
        this.url = url.toString();
        this.reader = reader;
    }

    /** Fails with a {@link KeysAway} in the contract's words. */
    Future<KeySet> fetch() {
        return http.send(new OutboundRequest(HttpMethod.GET, "", Map.of("accept", "application/json"), null))
                .recover(cause -> Future.failedFuture(unreachable(cause.getMessage())))
                .map(answer -> {
                    if (!answer.isSuccess()) {
                        throw unreachable("answered " + answer.status());
                    }
                    return parse(answer.body());
                });
    }

    Future<Void> close() {
        return http.close();
    }

    private KeySet parse(Buffer body) {
        try {
            return reader.apply(body.toJsonObject());
        } catch (DecodeException | ClassCastException notJson) {
            throw invalid("is no JSON object");
        } catch (IllegalArgumentException useless) {
            throw invalid(useless.getMessage());
        }
    }

    private KeysAway invalid(String reason) {
        return new KeysAway("invalid jwks response", url + " " + reason);
    }

    private KeysAway unreachable(String reason) {
        return new KeysAway("unable to fetch jwks", url + " " + reason);
    }
}
