package io.waxwatch.provider.ebay.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.OutboundCall;
import io.waxwatch.provider.http.OutboundChain;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The application token: asked for once, kept until a minute before its end, shared by all. eBay gives 1,000 a day,
 * which are not counted as searches are.
 *
 * <p>Many may ask at the same time from different event loops: one request goes out, and each is answered on its own.
 */
final class EbayTokens {

    static final String LABEL = "eBay auth";

    private static final Duration MARGIN = Duration.ofSeconds(60);
    private static final String PATH = "/identity/v1/oauth2/token";

    private final Vertx vertx;
    private final OutboundChain calls;
    private final EbayOptions options;
    private final Clock clock;

    // Guarded by this; never held while waiting.
    private String token;
    private Instant validUntil = Instant.EPOCH;
    private Future<String> refreshing;
    private ProviderFailure refusal;
    private Instant refusedUntil = Instant.EPOCH;

    EbayTokens(Vertx vertx, OutboundChain calls, EbayOptions options, Clock clock) {
        this.vertx = vertx;
        this.calls = calls;
        this.options = options;
        this.clock = clock;
    }

    /** A token that is good for a while, or the failure to get one. */
    Future<String> get(CallOrigin origin) {
        Context context = vertx.getOrCreateContext();
        Promise<String> asked;
        synchronized (this) {
            Instant now = clock.instant();
            if (token != null && now.isBefore(validUntil)) {
                return Future.succeededFuture(token);
            }
            if (refusal != null && now.isBefore(refusedUntil)) {
                return Future.failedFuture(refusal.withRetryAfter(Duration.between(now, refusedUntil)));
            }
            if (refreshing != null) {
                return on(context, refreshing);
            }
            asked = Promise.promise();
            refreshing = asked.future();
        }
        Future<String> answer = on(context, asked.future());
        calls.call(request(origin), received -> EbayBodies.token(received.body()), origin.recorder())
                .onComplete(done -> {
                    if (done.succeeded()) {
                        keep(done.result());
                        asked.complete(done.result().value());
                    } else {
                        giveUp(done.cause());
                        asked.fail(done.cause());
                    }
                });
        return answer;
    }

    /** Forgets this token, unless another has taken its place meanwhile. */
    synchronized void forget(String refused) {
        if (refused.equals(token)) {
            token = null;
        }
    }

    /** A fresh token was refused too: asking for more of them would only use them up. */
    synchronized void hold(ProviderFailure failure) {
        token = null;
        refusal = failure;
        refusedUntil = clock.instant().plus(options.credentialHold());
    }

    private synchronized void keep(EbayBodies.Token fresh) {
        Duration life = Duration.ofSeconds(
                Math.min(fresh.expiresInSeconds(), Duration.ofDays(1).toSeconds()));
        // A token that lives shorter than two minutes keeps half its life, or it would never be used at all.
        Duration usable = life.compareTo(MARGIN.multipliedBy(2)) < 0 ? life.dividedBy(2) : life.minus(MARGIN);
        token = fresh.value();
        validUntil = clock.instant().plus(usable);
        refusal = null;
        refreshing = null;
    }

    private synchronized void giveUp(Throwable cause) {
        refreshing = null;
        // A disabled keyset answers the same as a wrong secret, again and again.
        if (cause instanceof ProviderFailure failure
                && (failure.kind() == Kind.UNAUTHORIZED || failure.kind() == Kind.REJECTED)) {
            refusal = failure;
            refusedUntil = clock.instant().plus(options.credentialHold());
        }
    }

    private OutboundCall request(CallOrigin origin) {
        String keyset = options.clientId() + ":" + options.clientSecret();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("scope", options.scope());
        return new OutboundCall(
                LABEL,
                HttpMethod.POST,
                PATH,
                Map.of(),
                Map.of(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(keyset.getBytes(StandardCharsets.UTF_8)),
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "Accept",
                        "application/json"),
                Buffer.buffer(OutboundCall.form(form)),
                EbayClient::meta,
                origin.purpose(),
                false);
    }

    /** A shared future completes on the event loop of whoever asked first; the others must not run there. */
    private static <T> Future<T> on(Context context, Future<T> shared) {
        Promise<T> own = Promise.promise();
        shared.onComplete(done -> context.runOnContext(turn -> {
            if (done.succeeded()) {
                own.complete(done.result());
            } else {
                own.fail(done.cause());
            }
        }));
        return own.future();
    }
}
