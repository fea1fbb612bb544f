package io.waxwatch.gateway.watchreleases;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterTold;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.routing.Call;

/** Looks up the master of a release that is to be watched with all its pressings, where the collector has not named it. */
final class ReleaseMasters {

    private static final int RETRY_AFTER_SECONDS = 5;

    private final Bus bus;

    ReleaseMasters(Bus bus) {
        this.bus = bus;
    }

    /**
     * The same with its master, asked of Discogs if it is needed and not there. Fails with 422 for a release that has none or
     * that nobody knows, and with 503 while Discogs cannot be asked; both say what else can be done.
     */
    Future<ReleaseState> complete(Call call, ReleaseState state) {
        if (!state.lacksMaster()) {
            return Future.succeededFuture(state);
        }
        var question = new ReleaseMasterAsked(state.releaseId(), call.userId(), call.requestId());
        return bus.ask(Topics.DISCOGS_RELEASE_MASTER, question)
                .recover(cause -> Future.failedFuture(refusal(Failure.of(cause))))
                .map(ReleaseMasterTold::masterId)
                .map(master -> {
                    if (master == null) {
                        throw missing("Discogs knows no master of release " + state.releaseId()
                                + "; watch the release itself (exact_release)");
                    }
                    return state.withMaster(master);
                });
    }

    /** A change that found the release changed under its hands asks nobody any more. */
    static ApiException unresolved() {
        return missing("the release was changed meanwhile; try again");
    }

    private static ApiException missing(String why) {
        return ApiException.http(422, "discogs_master_id is required for master_release mode: " + why);
    }

    private static ApiException refusal(Failure failure) {
        if (failure.kind() == FailureKind.CALLER) {
            return missing(failure.getMessage());
        }
        String why = failure.isUnanswered() ? "Discogs is not asked at present" : failure.getMessage();
        return ApiException.unavailable(
                "the master of this release could not be looked up: " + why
                        + "; name discogs_master_id, or try again shortly",
                RETRY_AFTER_SECONDS);
    }
}
