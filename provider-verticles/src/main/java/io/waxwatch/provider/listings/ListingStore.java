package io.waxwatch.provider.listings;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.TitleText;
import io.waxwatch.provider.http.MarketListing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** Every listing seen, and its price history. Writes {@code listings} and {@code price_snapshots}. */
public final class ListingStore {

    private static final int MAX_EXTERNAL_ID = 120;
    private static final int MAX_NAME = 120;
    private static final int MAX_CONDITION = 30;
    /** Twelve digits before the point: the column's bound, far above any record. */
    private static final BigDecimal MAX_PRICE = new BigDecimal("999999999999.99");

    private static final String KNOWN =
            "SELECT external_id FROM listings WHERE provider = $1::provider_enum AND external_id = ANY($2)";
    private static final String KNOWN_BEFORE = """
            SELECT external_id FROM listings
            WHERE provider = $1::provider_enum AND external_id = ANY($2) AND first_seen_at <= $3
            """;
    /**
     * In one order for everybody: two ingests of the same listings wait for each other instead of deadlocking. Not FOR
     * UPDATE: a backfill that stores a match of such a listing, whose pair we may store too, must not wait for us.
     */
    private static final String LOCK = """
            SELECT external_id, price, currency FROM listings
            WHERE provider = $1::provider_enum AND external_id = ANY($2) ORDER BY external_id
            FOR NO KEY UPDATE
            """;
    /** What the provider no longer says of ids is kept: absence is not news. */
    private static final String UPSERT = """
            INSERT INTO listings AS l (id, provider, external_id, url, title, normalized_title, price, price_kind, currency,
                condition, seller, location, status, discogs_release_id, discogs_master_id, first_seen_at, last_seen_at, raw)
            SELECT gen_random_uuid(), $1::provider_enum, i.external_id, i.url, i.title, i.normalized_title, i.price,
                i.price_kind, i.currency, i.condition, i.seller, i.location, 'active', i.release_id, i.master_id,
                now(), now(), i.raw::jsonb
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[],
                        $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::text[])
                AS i (external_id, url, title, normalized_title, price, price_kind, currency, condition, seller, location,
                      release_id, master_id, raw)
            ORDER BY i.external_id
            ON CONFLICT (provider, external_id) DO UPDATE SET
                url = excluded.url, title = excluded.title, normalized_title = excluded.normalized_title,
                price = excluded.price, price_kind = excluded.price_kind, currency = excluded.currency,
                condition = excluded.condition, seller = excluded.seller, location = excluded.location, status = 'active',
                discogs_release_id = coalesce(excluded.discogs_release_id, l.discogs_release_id),
                discogs_master_id = coalesce(excluded.discogs_master_id, l.discogs_master_id),
                last_seen_at = excluded.last_seen_at, raw = excluded.raw
            RETURNING %s
            """.formatted(Listing.COLUMNS);

    /** In the order of all who lock listings. Names are alike whatever their case. */
    private static final String FORGET_SELLER = """
            WITH theirs AS (
                SELECT id FROM listings
                WHERE provider = $1::provider_enum AND lower(seller) IN (lower($2::text), lower($3::text))
                ORDER BY external_id FOR NO KEY UPDATE)
            UPDATE listings l SET seller = NULL,
                raw = CASE WHEN jsonb_typeof(l.raw) = 'object' THEN l.raw - 'seller' ELSE l.raw END
            FROM theirs WHERE l.id = theirs.id
            """;

    /** Two ingests that both found a listing new (neither could see the other's) leave one snapshot all the same. */
    private static final String SNAPSHOT = """
            INSERT INTO price_snapshots (id, listing_id, price, currency, recorded_at)
            SELECT gen_random_uuid(), l.id, l.price, l.currency, now()
            FROM listings l LEFT JOIN LATERAL (
                SELECT s.price, s.currency FROM price_snapshots s WHERE s.listing_id = l.id
                ORDER BY s.recorded_at DESC LIMIT 1) AS last ON true
            WHERE l.id = ANY($1) AND (last.price, last.currency) IS DISTINCT FROM (l.price, l.currency)
            """;

    /** Newest first, from below a listing that was read already. */
    private static final String RECENT = """
            SELECT %s FROM listings l
            WHERE l.status = 'active' AND l.last_seen_at >= $1
              AND ($2::timestamptz IS NULL OR (l.last_seen_at, l.id) < ($2::timestamptz, $3::uuid))
            ORDER BY l.last_seen_at DESC, l.id DESC LIMIT $4
            """.formatted(Listing.COLUMNS);

    /**
     * What became of fetched rows.
     *
     * @param created how many of the listings had not been known
     * @param snapshots how many prices were new
     */
    public record Stored(List<Listing> listings, int created, int snapshots) {}

    private record Priced(BigDecimal price, String currency) {}

    /** Which of these ids are stored already. */
    public Future<Set<String>> known(Database database, Provider provider, Collection<String> externalIds) {
        return database.query(KNOWN, Tuple.of(provider.wireName()).addValue(externalIds.toArray(String[]::new)))
                .map(rows -> {
                    Set<String> known = new HashSet<>();
                    rows.forEach(row -> known.add(row.getString(0)));
                    return known;
                });
    }

    /** Which of these ids had been seen by then. */
    public Future<Set<String>> knownBefore(
            Database database, Provider provider, Collection<String> externalIds, OffsetDateTime then) {
        return database.query(KNOWN_BEFORE, Tuple.of(provider.wireName(), externalIds.toArray(String[]::new), then))
                .map(rows -> {
                    Set<String> known = new HashSet<>();
                    rows.forEach(row -> known.add(row.getString(0)));
                    return known;
                });
    }

    /**
     * Stores what was fetched: new listings appear, known ones are refreshed, and each new or changed price gets a
     * snapshot. A row that cannot be stored truthfully (no price at all, an unusable id or currency) is left out, the
     * others are not held up by it.
     *
     * @return the stored listings, each once, and what was new about them
     */
    public Future<Stored> store(SqlConnection connection, Provider provider, Collection<MarketListing> fetched) {
        // Sorted and distinct: a page may name a listing twice, and one statement must not touch a row twice.
        Map<String, MarketListing> usable = new TreeMap<>();
        fetched.stream().filter(ListingStore::isUsable).forEach(row -> usable.put(row.externalId(), row));
        if (usable.isEmpty()) {
            return Future.succeededFuture(new Stored(List.of(), 0, 0));
        }
        List<MarketListing> rows = List.copyOf(usable.values());
        return pricesBefore(connection, provider, usable.keySet())
                .compose(before -> connection
                        .preparedQuery(UPSERT)
                        .execute(parameters(provider, rows))
                        .compose(stored -> {
                            List<Listing> listings = new ArrayList<>(stored.size());
                            List<UUID> repriced = new ArrayList<>();
                            for (Row row : stored) {
                                Listing listing = Listing.read(row);
                                listings.add(listing);
                                if (isNews(before.get(listing.externalId()), listing)) {
                                    repriced.add(listing.id());
                                }
                            }
                            int created = stored.size() - before.size();
                            return snapshot(connection, repriced)
                                    .map(snapshots -> new Stored(listings, created, snapshots));
                        }));
    }

    /** Where a reader of recent listings has come to. */
    public record Reached(OffsetDateTime lastSeenAt, UUID id) {}

    /**
     * Some of the recent listings.
     *
     * @param reached the last of them; null when there are none
     */
    public record Recent(List<Listing> listings, Reached reached) {}

    /**
     * The active listings of late, of every provider, newest first.
     *
     * @param since none that were last seen earlier
     * @param below where to go on; null to begin with the newest
     * @param limit at most so many
     */
    public Future<Recent> recent(SqlConnection connection, OffsetDateTime since, Reached below, int limit) {
        return connection
                .preparedQuery(RECENT)
                .execute(Tuple.of(
                        since, below == null ? null : below.lastSeenAt(), below == null ? null : below.id(), limit))
                .map(rows -> {
                    List<Listing> listings = new ArrayList<>(rows.size());
                    Reached reached = null;
                    for (Row row : rows) {
                        Listing listing = Listing.read(row);
                        listings.add(listing);
                        reached = new Reached(listing.lastSeenAt(), listing.id());
                    }
                    return new Recent(listings, reached);
                });
    }

    private static Future<Map<String, Priced>> pricesBefore(
            SqlConnection connection, Provider provider, Collection<String> externalIds) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(provider.wireName()).addValue(externalIds.toArray(String[]::new)))
                .map(rows -> {
                    Map<String, Priced> before = new HashMap<>();
                    rows.forEach(
                            row -> before.put(row.getString(0), new Priced(row.getBigDecimal(1), row.getString(2))));
                    return before;
                });
    }

    private static boolean isNews(Priced before, Listing now) {
        return before == null
                || before.price().compareTo(now.price()) != 0
                || !before.currency().equals(now.currency());
    }

    /** @return how many snapshots were written */
    private static Future<Integer> snapshot(SqlConnection connection, List<UUID> listings) {
        return listings.isEmpty()
                ? Future.succeededFuture(0)
                : connection
                        .preparedQuery(SNAPSHOT)
                        .execute(Tuple.tuple().addValue(listings.toArray(UUID[]::new)))
                        .map(SqlResult::rowCount);
    }

    private static boolean isUsable(MarketListing row) {
        BigDecimal price = shownPrice(row);
        return price != null
                && price.signum() >= 0
                && price.compareTo(MAX_PRICE) <= 0
                && row.currency() != null
                && row.currency().length() == 3
                && row.externalId().length() <= MAX_EXTERNAL_ID;
    }

    private static BigDecimal shownPrice(MarketListing row) {
        return row.price() != null ? row.price() : row.currentBid();
    }

    private static Tuple parameters(Provider provider, List<MarketListing> rows) {
        return Tuple.tuple()
                .addValue(provider.wireName())
                .addValue(texts(rows, row -> clean(row.externalId(), MAX_EXTERNAL_ID)))
                .addValue(texts(rows, row -> clean(row.url(), Integer.MAX_VALUE)))
                .addValue(texts(rows, row -> clean(row.title(), Integer.MAX_VALUE)))
                .addValue(texts(rows, row -> TitleText.fold(row.title())))
                .addValue(rows.stream()
                        .map(row -> shownPrice(row).setScale(2, RoundingMode.HALF_UP))
                        .toArray(BigDecimal[]::new))
                .addValue(texts(rows, row -> row.price() == null ? "bid" : "fixed"))
                .addValue(texts(rows, MarketListing::currency))
                .addValue(texts(rows, row -> clean(row.condition(), MAX_CONDITION)))
                .addValue(texts(rows, row -> clean(row.seller(), MAX_NAME)))
                .addValue(texts(rows, row -> clean(row.location(), MAX_NAME)))
                .addValue(rows.stream().map(MarketListing::discogsReleaseId).toArray(Long[]::new))
                .addValue(rows.stream().map(MarketListing::discogsMasterId).toArray(Long[]::new))
                .addValue(texts(rows, row -> new JsonObject(row.raw()).encode().replace("\\u0000", "")));
    }

    /**
     * Forgets who offers what, so that nothing of a closed account is left; the offers themselves stay until they end.
     *
     * @param name of the seller; null for unknown
     * @param id of the seller, which stands where the name is hidden; null for unknown
     * @return of how many listings the seller was forgotten
     */
    public Future<Integer> forgetSeller(SqlConnection connection, Provider provider, String name, String id) {
        return connection
                .preparedQuery(FORGET_SELLER)
                .execute(Tuple.of(provider.wireName(), name, id))
                .map(SqlResult::rowCount);
    }

    private static String[] texts(List<MarketListing> rows, Function<MarketListing, String> field) {
        return rows.stream().map(field).toArray(String[]::new);
    }

    /** PostgreSQL knows no NUL character, and one over-long field must not cost the whole page. */
    private static String clean(String text, int max) {
        if (text == null) {
            return null;
        }
        String clean = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
        return clean.length() <= max ? clean : clean.substring(0, max);
    }
}
