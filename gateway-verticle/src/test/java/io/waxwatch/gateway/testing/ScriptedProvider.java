package io.waxwatch.gateway.testing;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnected;
import io.waxwatch.common.bus.BusMessage.DiscogsImportStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinked;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterTold;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.testing.TestNode;
import java.util.List;
import java.util.UUID;

/** What a provider service answers on the bus, always the same; or one failure, whatever it is asked. */
public final class ScriptedProvider {

    private volatile Failure failure;

    /**
     * @param job what an import that is asked for turns into
     * @param listing what a listing that is handed in turns into
     */
    public ScriptedProvider(Bus bus, UUID job, UUID listing) {
        serve(
                bus,
                Topics.DISCOGS_LINK_START,
                new DiscogsLinkStarted(
                        "https://www.discogs.com/oauth/authorize?oauth_token=t",
                        "0123456789abcdef",
                        List.of("identity"),
                        "2026-11-21T12:00:00.5Z"));
        var linked = new DiscogsLinked("digger", "2026-11-21T12:00:00Z");
        serve(bus, Topics.DISCOGS_LINK_FINISH, linked);
        serve(bus, Topics.DISCOGS_LINK_CONNECT, linked);
        serve(bus, Topics.DISCOGS_LINK_DISCONNECT, new DiscogsDisconnected(true));
        serve(bus, Topics.DISCOGS_IMPORT_START, new DiscogsImportStarted(job, true));
        serve(bus, Topics.DISCOGS_RELEASE_MASTER, new ReleaseMasterTold(77L));
        serve(bus, Topics.DEV_LISTING, new DevListingTaken(listing, true, true, 2));
        serve(bus, Topics.DEV_RULE_RUN, new DevRuleRan(4, 3, 2, 1));
        new FakeMarket(bus, "ebay")
                .answers(asked -> answer(new SearchAnswered(
                        List.of(
                                FakeMarket.offer("stored", "Blue Train", "12.5", "Used"),
                                FakeMarket.offer("new", "Blue Train", "30", "Used")),
                        false)));
        new FakeMarket(bus, "discogs")
                .answers(asked -> answer(new SearchAnswered(List.of(FakeMarket.record(4, "Blue Train")), false)));
    }

    private <Q extends BusMessage, A extends BusMessage> void serve(Bus bus, RequestTopic<Q, A> topic, A answer) {
        TestNode.await(bus.serve(topic, asked -> answer(answer)));
    }

    private <A> Future<A> answer(A answer) {
        return failure == null ? Future.succeededFuture(answer) : Future.failedFuture(failure);
    }

    /** From now on everything fails in this way; null for nothing. */
    public void fails(Failure next) {
        failure = next;
    }
}
