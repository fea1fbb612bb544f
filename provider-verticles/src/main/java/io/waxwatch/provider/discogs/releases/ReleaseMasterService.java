package io.waxwatch.provider.discogs.releases;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterTold;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.ProviderFailure;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people who wait which master a release belongs to. One call for each release within a day, also for many who ask at
 * once; what is asked is for somebody who waits. Of one event loop.
 */
public final class ReleaseMasterService {

    private static final Logger log = LoggerFactory.getLogger(ReleaseMasterService.class);

    /** A release changes its master once in years, and what has none may be given one. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int MAX_KEPT = 10_000;
    private static final int NOT_FOUND = 404;

    private final DiscogsClient discogs;
    private final Function<UUID, CallOrigin> askers;
    private final Duration deadline;
    private final Cache<Long, Future<ReleaseMasterTold>> told;

    /**
     * @param askers make calls a user's
     * @param deadline after which the asker is told that there was no answer
     * @param ticker as {@link System#nanoTime}
     */
    public ReleaseMasterService(
            DiscogsClient discogs, Function<UUID, CallOrigin> askers, Duration deadline, Ticker ticker) {
        this.discogs = discogs;
        this.askers = askers;
        this.deadline = deadline;
        this.told = Caffeine.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfterWrite(KEPT)
                .ticker(ticker)
                .build();
    }

    /** @return the answer; fails with a {@link Failure} whose text may be shown: CALLER for a release that is not there */
    public Future<ReleaseMasterTold> master(ReleaseMasterAsked asked) {
        Future<ReleaseMasterTold> answer = told.get(asked.releaseId(), id -> ask(asked));
        // A failure is shared with those who already wait for it, and with nobody else.
        answer.onFailure(cause -> told.asMap().remove(asked.releaseId(), answer));
        return answer;
    }

    private Future<ReleaseMasterTold> ask(ReleaseMasterAsked asked) {
        return discogs.release(asked.releaseId(), askers.apply(asked.userId()))
                .map(release -> new ReleaseMasterTold(release.masterId()))
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> {
                    log.warn(
                            "discogs.master.failed",
                            kv("release_id", asked.releaseId()),
                            kv("request_id", asked.requestId()),
                            kv("error", cause.toString()));
                    return Future.failedFuture(failure(asked, cause));
                });
    }

    private static Failure failure(ReleaseMasterAsked asked, Throwable cause) {
        if (cause instanceof ProviderFailure failure && failure.statusCode().orElse(0) == NOT_FOUND) {
            return new Failure(FailureKind.CALLER, "Discogs knows no release " + asked.releaseId(), failure);
        }
        return cause instanceof TimeoutException
                ? new Failure(FailureKind.TIMEOUT, "Discogs did not answer in time", cause)
                : Failure.of(ProviderFailure.told(cause));
    }
}
