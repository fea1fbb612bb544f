package io.waxwatch.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** One download of the issuer's key set: five seconds and 256 KiB at most, no redirects. */
final class JwksFetch {

    /** The contract's deadline. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 256 * 1024;

    private final IssuerHttp http;
    private final String url;
    private final Function<JsonObject, KeySet> reader;

    /** @param reader of the document; throws an {@link IllegalArgumentException} that says why it is of no use */
    JwksFetch(Vertx vertx, URI url, Function<JsonObject, KeySet> reader) {
        this.http = new IssuerHttp(vertx, DEADLINE, MAX_BYTES);
        this.url = url.toString();
        this.reader = reader;
    }

    /** Fails with a {@link KeysAway} in the contract's words. */
    Future<KeySet> fetch() {
        var options = new RequestOptions()
                .setAbsoluteURI(url)
                .setMethod(HttpMethod.GET)
                .putHeader("accept", "application/json");
        return http.send(options, null)
                .recover(cause ->
                        Future.failedFuture(unreachable(Objects.toString(cause.getMessage(), cause.toString()))))
                .map(reply -> {
                    if (!reply.isSuccess()) {
                        throw unreachable("answered " + reply.status());
                    }
                    return parse(reply.body());
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
