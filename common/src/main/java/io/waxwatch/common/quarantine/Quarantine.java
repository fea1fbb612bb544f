package io.waxwatch.common.quarantine;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where rows go that cannot be stored or worked on, with the reason, so that one of them never fails all that came with it, again and
 * again. Each is counted and logged whenever it is met, and kept once.
 */
public final class Quarantine {

    /** What kind of row it is. */
    public enum Source {
        /** An offer, as a marketplace told it. */
        LISTING,
        /** A listing and a watch that it satisfies. */
        MATCH,
        /** A record of a collector's shelf. */
        IMPORT,
        /** A rule or watch release. */
        WATCH,
        /** The log entry of a call. */
        CALL;

        private String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MAX_SUBJECT = 300;
    private static final int MAX_BODY = 8_000;

    private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

    private final QuarantineStore store;
    private final Metrics metrics;

    public Quarantine(Database database, Metrics metrics) {
        this.store = new QuarantineStore(database);
        this.metrics = metrics;
        for (Source source : Source.values()) {
            metrics.counter(Name.QUARANTINED, "source", source.wireName());
        }
    }

    /**
     * Puts a row aside. Never fails: what went wrong is logged in any case.
     *
     * @param subject which one it is
     * @param userId whose it is, for it goes with its user; null for nobody's
     * @param body the row in any form; null when it is kept elsewhere
     */
    public Future<Void> put(Source source, String subject, UUID userId, String body, Throwable cause) {
        metrics.counter(Name.QUARANTINED, "source", source.wireName()).increment();
        log.warn(
                "row.quarantined",
                kv("source", source.wireName()),
                kv("subject", subject),
                kv("reason", BadData.reason(cause)));
        return store.keep(
                        source.wireName(),
                        storable(subject, MAX_SUBJECT),
                        userId,
                        BadData.reason(cause),
                        body == null ? null : storable(body, MAX_BODY))
                .otherwise(failed -> {
                    log.warn("row.quarantine_failed", kv("subject", subject), kv("reason", failed.toString()));
                    return null;
                });
    }

    /**
     * Drops the offers of a seller who is to be forgotten.
     *
     * @param name of the seller; null for unknown
     * @param id of the seller, which stands where the name is hidden; null for unknown
     * @return how many rows are gone
     */
    public static Future<Integer> forgetSeller(SqlConnection connection, Provider provider, String name, String id) {
        return QuarantineStore.forgetSeller(connection, provider.wireName(), name, id);
    }

    private static String storable(String text, int max) {
        String clean = text.replace("\0", "");
        return clean.length() <= max ? clean : clean.substring(0, max);
    }
}
