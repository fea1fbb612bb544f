package io.waxwatch.provider.search;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.provider.calls.ProviderRequestStore;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.ProviderFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers collectors' searches of one marketplace, on one event loop. Nothing is stored. Only so many run at once that
 * polls always find a free connection; further ones are refused, not queued. What of the quota is theirs, the ledger knows.
 */
public final class ProviderSearchService {

    /** Half of the connections that a client has. */
    static final int MAX_IN_FLIGHT = 4;

    private static final Logger log = LoggerFactory.getLogger(ProviderSearchService.class);

    /** One marketplace's way to search. */
    public interface Search {

        /** What to tell who asks for words with which this marketplace cannot be searched; empty when it can. */
        Optional<String> whyNot(String words);

        /** Asks the marketplace. */
        Future<SearchAnswered> search(String words, CallOrigin onBehalf);
    }

    private final Provider provider;
    private final Search search;
    private final ProviderRequestStore calls;
    private final Duration deadline;
    private int inFlight;

    /**
     * @param deadline after which the asker is told that there was no answer
     */
    public ProviderSearchService(Provider provider, Search search, ProviderRequestStore calls, Duration deadline) {
        this.provider = provider;
        this.search = search;
        this.calls = calls;
        this.deadline = deadline;
    }

    /** @return what was found; fails with a {@link Failure} whose text may be shown, never with an empty answer */
    public Future<SearchAnswered> answer(SearchAsked asked) {
        Optional<String> whyNot = search.whyNot(asked.words());
        if (whyNot.isPresent()) {
            return Future.failedFuture(new Failure(FailureKind.CALLER, whyNot.get()));
        }
        if (inFlight >= MAX_IN_FLIGHT) {
            return refused("is busy with other searches, please retry shortly");
        }
        inFlight++;
        return Future.succeededFuture(asked)
                .compose(question -> search.search(question.words(), calls.interactive(question.userId())))
                // Before the deadline: what still runs then keeps its place.
                .onComplete(ended -> inFlight--)
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> {
                    log.warn(
                            "search.failed",
                            kv("provider", provider.wireName()),
                            kv("request_id", asked.requestId()),
                            kv("error", cause.toString()));
                    return Future.failedFuture(failure(cause));
                });
    }

    private Future<SearchAnswered> refused(String why) {
        return Future.failedFuture(new Failure(FailureKind.UNAVAILABLE, provider.title() + " " + why));
    }

    private Failure failure(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return new Failure(FailureKind.TIMEOUT, provider.title() + " did not answer in time", cause);
        }
        return Failure.of(ProviderFailure.told(cause));
    }
}
