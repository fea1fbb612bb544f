package io.waxwatch.provider.ebay;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKind;
import io.waxwatch.provider.ebay.client.EbayClient;
import io.waxwatch.provider.ebay.client.EbayPage;
import io.waxwatch.provider.ebay.client.EbaySearch;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Does an eBay poll: reads newest first, page by page, down to what we know, then commits. A page whose last ids are known
 * ends it (by ids, not by date: a relisted item keeps its old place; not by any known id: another poll may have brought a
 * single one of the new, and what is below it would never be seen). A failure on any page fails the poll whole: nothing
 * of a half-read answer is committed, and it is read again.
 */
public final class EbayPolls {

    /** So many ids at a page's end must be known before the rest is taken for known. */
    private static final int KNOWN_TAIL = 3;

    private final EbayClient ebay;
    private final Database database;
    private final ListingStore listings;
    private final Ingest ingest;
    private final int maxPages;

    /** @param maxPages bound of one poll's calls, 1 or more */
    public EbayPolls(EbayClient ebay, Database database, ListingStore listings, Ingest ingest, int maxPages) {
        this.ebay = ebay;
        this.database = database;
        this.listings = listings;
        this.ingest = ingest;
        this.maxPages = maxPages;
    }

    /** @return how many events were new */
    public Future<Integer> run(PollDue poll) {
        return read(search(PollKind.ofWireName(poll.kind()), poll.key()), 1, new ArrayList<>())
                .compose(fetched -> ingest.commit(poll, Provider.EBAY, fetched))
                .map(Ingest.Outcome::events);
    }

    /** The newest of a query's listings, on one page, whatever of them is known, for somebody who waits. */
    public Future<List<MarketListing>> newest(String queryKey, int limit) {
        EbaySearch search = search(PollKind.QUERY, queryKey).withLimit(limit);
        return ebay.search(search, CallPurpose.everybody(CallLane.INTERACTIVE)).map(EbayPage::listings);
    }

    /** The key is {@code marketplace|category} of a sweep, and has the words as a third part in a query. */
    private static EbaySearch search(PollKind kind, String pollKey) {
        String[] key = pollKey.split("\\|", 3);
        EbaySearch newest = EbaySearch.newest(key[1]).on(key[0]);
        return kind == PollKind.SWEEP
                ? newest
                : new EbaySearch(
                        key[2],
                        newest.categoryId(),
                        newest.sort(),
                        newest.limit(),
                        newest.offset(),
                        newest.buyingOptions(),
                        newest.price(),
                        newest.marketplaceId());
    }

    private Future<List<MarketListing>> read(EbaySearch search, int page, List<MarketListing> fetched) {
        return ebay.search(search).compose(answer -> {
            fetched.addAll(answer.listings());
            Optional<EbaySearch> next = search.after(answer);
            if (next.isEmpty() || page >= maxPages) {
                return Future.succeededFuture(fetched);
            }
            return reachesKnown(answer)
                    .compose(known -> known ? Future.succeededFuture(fetched) : read(next.get(), page + 1, fetched));
        });
    }

    private Future<Boolean> reachesKnown(EbayPage page) {
        var ids = page.listings().stream().map(MarketListing::externalId).toList();
        var tail = Set.copyOf(ids.subList(Math.max(0, ids.size() - KNOWN_TAIL), ids.size()));
        return listings.known(database, Provider.EBAY, tail).map(known -> !tail.isEmpty() && known.containsAll(tail));
    }
}
