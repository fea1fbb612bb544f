package io.waxwatch.provider.ebay;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.provider.ebay.client.EbayClient;
import io.waxwatch.provider.ebay.client.EbayPage;
import io.waxwatch.provider.ebay.client.EbaySearch;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import java.time.Clock;
import java.util.List;

/**
 * Does an eBay poll: a sweep, or a query, whose newest 200 listings are one call. A failure fails the poll whole: it is read
 * again.
 */
public final class EbayPolls {

    private final EbayClient ebay;
    private final Ingest ingest;
    private final EbaySweep sweep;

    /** @param maxPages bound of one sweep's pages, 1 or more */
    public EbayPolls(EbayClient ebay, Database database, ListingStore listings, Ingest ingest, int maxPages) {
        this.ebay = ebay;
        this.ingest = ingest;
        this.sweep =
                new EbaySweep(search -> ebay.search(search), database, listings, ingest, maxPages, Clock.systemUTC());
    }

    /** @return how many events were new */
    public Future<Integer> run(PollDue poll) {
        PollKey key = PollKey.parse(poll.provider(), poll.kind(), poll.key());
        EbaySearch search = search(key);
        return key instanceof PollKey.Sweep
                ? sweep.run(poll, search)
                : ebay.search(search, purpose(poll))
                        .compose(page -> ingest.commit(poll, Provider.EBAY, page.listings()))
                        .map(Ingest.Outcome::events);
    }

    /** A first look can wait; what no sweep sees has to be seen now. */
    private static CallPurpose purpose(PollDue poll) {
        return new CallPurpose(poll.firstLook() ? CallLane.BACKGROUND : CallLane.DUE, poll.users());
    }

    /** The newest of a query's listings, on one page, whatever of them is known, for somebody who waits. */
    public Future<List<MarketListing>> newest(PollKey.Query query, int limit) {
        EbaySearch search = search(query).withLimit(limit);
        return ebay.search(search, CallPurpose.everybody(CallLane.INTERACTIVE)).map(EbayPage::listings);
    }

    private static EbaySearch search(PollKey key) {
        if (key instanceof PollKey.Sweep sweep) {
            return EbaySearch.newest(sweep.category()).on(sweep.marketplace());
        }
        if (key instanceof PollKey.Query query) {
            return EbaySearch.newest(query.category()).on(query.marketplace()).withWords(query.words());
        }
        throw new IllegalArgumentException("Neither a sweep nor a query: " + key);
    }
}
