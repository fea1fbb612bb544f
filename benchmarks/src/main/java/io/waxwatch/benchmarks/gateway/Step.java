package io.waxwatch.benchmarks.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.gateway.throttle.LocalBuckets;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.throttle.Throttle;
import java.util.List;
import java.util.UUID;

/** One of the things that the gateway does before it asks the database, by itself, so that its cost can be seen. */
interface Step {

    Step NONE = request -> Future.succeededFuture();

    /** Called on the server's event loop. */
    default Future<Void> start(Vertx vertx) {
        return Future.succeededFuture();
    }

    Future<Void> take(HttpServerRequest request);

    /** The gateway's own check: a token that was verified before is looked up by its digest. */
    static Step rememberedToken(TokenVerifier tokens) {
        return request -> tokens.verify(request.getHeader("authorization")).mapEmpty();
    }

    /** What the look-up saves: the signature is verified for every request. */
    static Step verifiedToken(JWTAuth key) {
        return request -> key.authenticate(
                        new TokenCredentials(request.getHeader("authorization").substring("Bearer ".length())))
                .mapEmpty();
    }

    /** The gateway's own throttle: both buckets of a rule's route, in the process, or in Redis where the settings name it. */
    static Step throttle(Settings settings, UUID userId) {
        return new Step() {
            private Throttle throttle;

            @Override
            public Future<Void> start(Vertx vertx) {
                throttle = new Throttle(
                        vertx,
                        settings,
                        new LocalBuckets(System::nanoTime),
                        new Metrics("benchmark"),
                        new RedisOutage("throttle"));
                return throttle.start();
            }

            @Override
            public Future<Void> take(HttpServerRequest request) {
                return throttle.take(
                        request.response(),
                        "user:" + userId,
                        List.of(RateLimitScope.GLOBAL_AUTHENTICATED, RateLimitScope.WATCH_RULES));
            }
        };
    }
}
