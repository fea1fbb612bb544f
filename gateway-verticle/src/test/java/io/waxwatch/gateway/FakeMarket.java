package io.waxwatch.gateway;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.bus.Wire.SearchAnswered;
import io.waxwatch.common.bus.Wire.SearchAsked;
import io.waxwatch.common.testing.TestNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A marketplace on the real bus that answers as it is told. */
final class FakeMarket implements AutoCloseable {

    final List<SearchAsked> asked = new CopyOnWriteArrayList<>();
    private final Bus.Registration registration;
    private volatile Function<SearchAsked, Future<SearchAnswered>> answer = question -> answering(false);

    FakeMarket(Bus bus, String provider) {
        this.registration = TestNode.await(bus.serve(Topics.search(provider, Duration.ofSeconds(30)), question -> {
            asked.add(question);
            return answer.apply(question);
        }));
    }

    void answers(Function<SearchAsked, Future<SearchAnswered>> next) {
        answer = next;
    }

    void answers(SearchHit... hits) {
        answer = question -> answering(false, hits);
    }

    static Future<SearchAnswered> answering(boolean more, SearchHit... hits) {
        return Future.succeededFuture(new SearchAnswered(List.of(hits), more));
    }

    static SearchHit offer(String externalId, String title, String price, String condition) {
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

    static SearchHit record(long releaseId, String title) {
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
