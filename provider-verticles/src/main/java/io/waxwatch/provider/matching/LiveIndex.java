package io.waxwatch.provider.matching;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.WatchIndex;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.watches.WatchKind;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The matching index as this process holds it: a cache of every active rule and watch release of every active user, with
 * the revision up to which it is true. An ingest holds the watch lock, catches up, and only then matches, so the index is
 * never stale. Owned by one event loop.
 */
public final class LiveIndex {

    private static final Logger log = LoggerFactory.getLogger(LiveIndex.class);
    /** Rows fetched at a time while loading: a million rules pass through without ever being held together. */
    private static final int LOAD_ROWS = 2_000;

    private static final String BEGIN_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
    private static final String REVISION = "SELECT revision FROM watch_revision";
    private static final String RULES = """
            SELECT r.id, r.query
            FROM watch_search_rules r JOIN users u ON u.id = r.user_id WHERE r.is_active AND u.is_active
            """;
    private static final String RELEASES = """
            SELECT w.id, %s FROM watch_releases w JOIN users u ON u.id = w.user_id WHERE w.is_active AND u.is_active
            """.formatted(WatchRows.RELEASE_COLUMNS);
    /** More news than this is loaded anew, through a cursor: so many rows are held at once. */
    private static final int MAX_NEWS = 20_000;

    /**
     * A branch for each kind, and the revision known: a planner that knows nothing of the tables must not take this for a
     * large query (it is compiled then, for most of a second, while the watch lock is held). In no order: a watch that
     * has changed twice is read twice as it is now.
     */
    private static final String NEWS = """
            SELECT c.kind, c.subject_id, coalesce(r.is_active AND u.is_active, false) AS active,
                   r.query,
                   NULL::bigint AS discogs_release_id, NULL::bigint AS discogs_master_id, NULL::varchar AS match_mode,
                   NULL::varchar AS title, NULL::varchar AS artist, NULL::numeric AS target_price,
                   NULL::varchar AS target_currency, NULL::varchar AS min_condition
            FROM watch_changes c
            LEFT JOIN watch_search_rules r ON r.id = c.subject_id
            LEFT JOIN users u ON u.id = r.user_id
            WHERE c.kind = 'rule' AND c.revision > $1 AND c.revision <= $2
            UNION ALL
            SELECT c.kind, c.subject_id, coalesce(w.is_active AND u.is_active, false), NULL, %s
            FROM watch_changes c
            LEFT JOIN watch_releases w ON w.id = c.subject_id
            LEFT JOIN users u ON u.id = w.user_id
            WHERE c.kind = 'release' AND c.revision > $1 AND c.revision <= $2
            """.formatted(WatchRows.RELEASE_COLUMNS);

    /** Before every revision there is, so that a catch-up finds changes missing and loads. */
    private static final long UNKNOWN = -1;

    private final Database database;
    private final Quarantine quarantine;
    private WatchIndex index = new WatchIndex();
    private long revision = UNKNOWN;
    private Future<Void> loading;

    /** @param quarantine of watches that cannot be read; they match nothing */
    public LiveIndex(Database database, Quarantine quarantine) {
        this.database = database;
        this.quarantine = quarantine;
    }

    /** Loads everything anew, from one snapshot. */
    public Future<Void> load() {
        return database.transaction(
                connection -> connection.query(BEGIN_SNAPSHOT).execute().compose(begun -> loadFrom(connection)));
    }

    /**
     * All that is read here must be of one moment: by a snapshot, or because the watch lock is held. What was there before goes
     * first: two indexes of a million rules do not fit into a small heap, and nobody matches before having caught up. A
     * load that fails leaves nothing, so the next one to catch up loads again.
     */
    private Future<Void> loadFrom(SqlConnection connection) {
        long started = System.nanoTime();
        index = new WatchIndex();
        revision = UNKNOWN;
        var fresh = new WatchIndex();
        return newest(connection)
                .compose(at -> each(connection, RULES, row -> put(fresh, WatchKind.RULE, row.getUUID("id"), row))
                        .compose(done -> each(
                                connection, RELEASES, row -> put(fresh, WatchKind.RELEASE, row.getUUID("id"), row)))
                        .map(at))
                .map(at -> {
                    index = fresh;
                    revision = at;
                    log.info(
                            "index.loaded",
                            kv("watches", fresh.size()),
                            kv("revision", at),
                            kv("duration_ms", (System.nanoTime() - started) / 1_000_000));
                    return null;
                });
    }

    /** Applies what was committed since; call it in a transaction that holds the watch lock. */
    public Future<Void> catchUp(SqlConnection connection) {
        return newest(connection).compose(newest -> {
            long from = revision;
            if (newest <= from) {
                return Future.succeededFuture();
            }
            if (from == UNKNOWN || newest - from > MAX_NEWS) {
                return reload(connection, newest);
            }
            // Fewer changes than revisions: old ones were pruned.
            return connection
                    .preparedQuery(NEWS)
                    .execute(Tuple.of(from, newest))
                    .compose(news -> news.size() < newest - from ? reload(connection, newest) : apply(news, newest));
        });
    }

    private static Future<Long> newest(SqlConnection connection) {
        return connection
                .preparedQuery(REVISION)
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /**
     * Loads on the caller's own connection, whose lock keeps the watches as they are: a further connection might never be
     * had while every one waits for this. Ingests that need it at the same time share one load.
     */
    private Future<Void> reload(SqlConnection connection, long atLeast) {
        if (loading == null) {
            Promise<Void> load = Promise.promise();
            loading = load.future();
            loadFrom(connection).onComplete(ended -> loading = null).onComplete(load);
            return load.future();
        }
        return loading.compose(loaded -> revision < atLeast ? reload(connection, atLeast) : Future.succeededFuture());
    }

    /** Which watches this offer satisfies, as of the last catch-up. */
    public Hits match(Offer offer) {
        return index.match(offer);
    }

    public int size() {
        return index.size();
    }

    public long revision() {
        return revision;
    }

    private Future<Void> apply(RowSet<Row> rows, long newest) {
        for (Row row : rows) {
            var id = row.getUUID("subject_id");
            if (row.getBoolean("active")) {
                put(index, WatchKind.ofWireName(row.getString("kind")), id, row);
            } else {
                index.remove(id);
            }
        }
        revision = newest;
        return Future.succeededFuture();
    }

    /** One that cannot be read, which only an adopted database can hold, must not keep all others from being loaded. */
    private void put(WatchIndex into, WatchKind kind, UUID id, Row row) {
        try {
            if (kind == WatchKind.RULE) {
                into.putRule(id, WatchRows.rule(row));
            } else {
                into.putRelease(id, WatchRows.release(row));
            }
        } catch (RuntimeException unreadable) {
            into.remove(id);
            quarantine.put(Quarantine.Source.WATCH, kind.wireName() + " " + id, null, null, unreadable);
        }
    }

    private static Future<Void> each(SqlConnection connection, String sql, java.util.function.Consumer<Row> use) {
        return connection.prepare(sql).compose(statement -> {
            Cursor cursor = statement.cursor();
            return drain(cursor, use).eventually(statement::close);
        });
    }

    private static Future<Void> drain(Cursor cursor, java.util.function.Consumer<Row> use) {
        return cursor.read(LOAD_ROWS).compose(rows -> {
            rows.forEach(use);
            return cursor.hasMore() ? drain(cursor, use) : cursor.close();
        });
    }
}
