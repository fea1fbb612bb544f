package io.waxwatch.gateway.testing;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.testing.TestNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A marketplace on the real bus that answers as it is told. */
public final class FakeMarket implements AutoCloseable {

    public final List<SearchAsked> asked = new CopyOnWriteArrayList<>();
    private final Bus.Registration registration;
    private volatile Function<SearchAsked, Future<SearchAnswered>> answer = question -> answering(false);

    public FakeMarket(Bus bus, String provider) {
        this.registration = TestNode.await(bus.serve(Topics.search(provider, Duration.ofSeconds(30)), question -> {
            asked.add(question);
            return answer.apply(question);
        }));
    }

    public void answers(Function<SearchAsked, Future<SearchAnswered>> next) {
        answer = next;
    }

    public void answers(SearchHit... hits) {
        answer = question -> answering(false, hits);
    }

    public static Future<SearchAnswered> answering(boolean more, SearchHit... hits) {
        return Future.succeededFuture(new SearchAnswered(List.of(hits), more));
    }

    public static SearchHit offer(String externalId, String title, String price, String condition) {
        return new SearchHit(
                "ebay",
                externalId,
                title,
                "https://www.ebay.com/itm/" + externalId,
                new BigDecimal(price),
                "USD",
                condition,
                "seller-" + externalId,
                "US",
                null);
    }

    public static SearchHit record(long releaseId, String title) {
        return new SearchHit(
                "discogs",
                Long.toString(releaseId),
                title,
                "https://www.discogs.com/release/" + releaseId,
                null,
                null,
                null,
                null,
                null,
                releaseId);
    }

    @Override
    public void close() {
        TestNode.await(registration.unregister());
    }
}
