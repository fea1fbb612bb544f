package io.waxwatch.provider.ebay;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.provider.ebay.client.EbayPage;
import io.waxwatch.provider.ebay.client.EbaySearch;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.ingest.Ingest;
import io.waxwatch.provider.listings.ListingStore;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine: reads the newest listings of a category, page by page, down to what is known, and matches every one of them.
 *
 * <p>A page whose last ids are known ends it: by ids, not by date (a relisted item keeps its old place), and not by any known id
 * (a query may have brought a single one of the new, and what is below it would never be seen). What lies deeper than one run may
 * read, after an outage, is a <em>gap</em>: it is remembered in the transaction that closes the poll, and the next runs go on
 * behind it, until they meet what was known before the outage. Where eBay shows no more rows (10,000), the gap cannot be closed, and
 * the queries are asked one by one.
 *
 * <p>A run that the quota ends between two pages keeps what it has read, and what is behind it is a gap.
 */
final class EbaySweep {

    private static final Logger log = LoggerFactory.getLogger(EbaySweep.class);

    /** So many ids at a page's end must be known before the rest is taken for known. */
    private static final int KNOWN_TAIL = 3;

    private final Function<EbaySearch, Future<EbayPage>> ebay;
    private final Database database;
    private final ListingStore listings;
    private final Ingest ingest;
    private final SweepProgressStore progress;
    private final int maxPages;
    private final Clock clock;

    /**
     * @param ebay asks for a page, as a call that serves everybody
     * @param maxPages bound of one run's pages, 1 or more: the newest, and as many again of a gap
     */
    EbaySweep(
            Function<EbaySearch, Future<EbayPage>> ebay,
            Database database,
            ListingStore listings,
            Ingest ingest,
            int maxPages,
            Clock clock) {
        this.ebay = ebay;
        this.database = database;
        this.listings = listings;
        this.ingest = ingest;
        this.progress = new SweepProgressStore(database);
        this.maxPages = maxPages;
        this.clock = clock;
    }

    /** @return how many events were new */
    Future<Integer> run(PollDue poll, EbaySearch newest) {
        OffsetDateTime begun = clock.instant().atOffset(ZoneOffset.UTC);
        return progress.find(poll.pollId()).compose(before -> new Run(poll, newest, begun, before.orElse(null)).go());
    }

    /** One run. */
    private final class Run {
        private final PollDue poll;
        private final EbaySearch newest;
        private final OffsetDateTime begun;
        /** Null for the first run of all: what is listed before it is left to the rules' first looks. */
        private final SweepProgress before;

        private final List<MarketListing> fetched = new ArrayList<>();
        private boolean metKnown;
        private boolean missed;
        private boolean stoppedByQuota;
        private int headRows;
        private int newRows;
        private SweepProgress after;

        Run(PollDue poll, EbaySearch newest, OffsetDateTime begun, SweepProgress before) {
            this.poll = poll;
            this.newest = newest;
            this.begun = begun;
            this.before = before;
        }

        Future<Integer> go() {
            return head(newest, 1)
                    .compose(read -> afterHead())
                    .compose(read -> ingest.commit(poll, Provider.EBAY, fetched, this::remember))
                    .map(Ingest.Outcome::events);
        }

        private Future<Void> head(EbaySearch search, int page) {
            return ask(search, page == 1).compose(answered -> {
                if (answered.isEmpty()) {
                    return Future.succeededFuture();
                }
                EbayPage answer = answered.get();
                // By rows asked for: a row that cannot be read has its place too.
                headRows = search.offset() + newest.limit();
                Optional<EbaySearch> next = search.after(answer);
                return known(answer).compose(known -> {
                    newRows += answer.listings().size() - known.size();
                    metKnown = next.isEmpty() || known.containsAll(tail(answer));
                    return metKnown || page >= maxPages ? Future.succeededFuture() : head(next.get(), page + 1);
                });
            });
        }

        private Future<Void> afterHead() {
            if (before == null) {
                after = SweepProgress.complete(begun);
                return Future.succeededFuture();
            }
            if (!metKnown) {
                // Whatever lay unread before lies behind this now.
                after = before.withGap(begun, headRows);
                log.info(
                        "sweep.gap",
                        kv("poll_id", poll.pollId()),
                        kv("run_id", poll.runId()),
                        kv("rows_read", headRows));
                return Future.succeededFuture();
            }
            if (!before.hasGap()) {
                after = SweepProgress.complete(begun);
                return Future.succeededFuture();
            }
            // One page back: what was sold meanwhile has let the others move up.
            int from = Math.max(0, before.gapOffset() + newRows - newest.limit());
            after = before.withGap(begun, before.gapOffset() + newRows);
            return deeper(newest.from(from), 1);
        }

        private Future<Void> deeper(Optional<EbaySearch> search, int page) {
            if (search.isEmpty()) {
                missed = true;
                after = SweepProgress.complete(begun);
                return Future.succeededFuture();
            }
            if (page > maxPages || stoppedByQuota) {
                return Future.succeededFuture();
            }
            return ask(search.get(), false).compose(answered -> {
                if (answered.isEmpty()) {
                    return Future.succeededFuture();
                }
                EbayPage answer = answered.get();
                return listings.knownBefore(database, Provider.EBAY, tail(answer), before.completeUntil())
                        .compose(known -> {
                            Optional<EbaySearch> next = newest.from(search.get().offset() + newest.limit());
                            // The last page of what is there, not of what is shown.
                            boolean end = answer.next().isEmpty() && next.isPresent();
                            if (known.containsAll(tail(answer)) || end) {
                                after = SweepProgress.complete(begun);
                                log.info("sweep.gap_closed", kv("poll_id", poll.pollId()), kv("run_id", poll.runId()));
                                return Future.succeededFuture();
                            }
                            int reached = search.get().offset() + newest.limit();
                            after = before.withGap(begun, Math.max(reached, after.gapOffset()));
                            return deeper(next, page + 1);
                        });
            });
        }

        /**
         * Asks for one page.
         *
         * @param first without it the run has nothing, and fails
         * @return empty when the quota ends the run here
         */
        private Future<Optional<EbayPage>> ask(EbaySearch search, boolean first) {
            return ebay.apply(search)
                    .map(page -> {
                        fetched.addAll(page.listings());
                        return Optional.of(page);
                    })
                    .recover(cause -> {
                        if (first || !isQuota(cause)) {
                            return Future.failedFuture(cause);
                        }
                        stoppedByQuota = true;
                        return Future.succeededFuture(Optional.empty());
                    });
        }

        private Future<Set<String>> known(EbayPage page) {
            return listings.known(database, Provider.EBAY, ids(page.listings()));
        }

        private Future<Void> remember(SqlConnection connection) {
            Future<Void> saved = progress.save(connection, poll.pollId(), after);
            return missed
                    ? saved.compose(done ->
                            progress.missed(connection, poll.pollId(), before.completeUntil(), before.gapSince()))
                    : saved;
        }
    }

    private static boolean isQuota(Throwable cause) {
        return cause instanceof ProviderFailure failure && failure.kind() == ProviderFailure.Kind.RATE_LIMITED;
    }

    private static Set<String> tail(EbayPage page) {
        List<MarketListing> rows = page.listings();
        return ids(rows.subList(Math.max(0, rows.size() - KNOWN_TAIL), rows.size()));
    }

    private static Set<String> ids(List<MarketListing> rows) {
        return rows.stream().map(MarketListing::externalId).collect(Collectors.toSet());
    }
}
