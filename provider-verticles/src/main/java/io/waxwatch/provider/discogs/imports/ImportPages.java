package io.waxwatch.provider.discogs.imports;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSpec;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.quarantine.BadData;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.quarantine.Quarantine.Source;
import io.waxwatch.common.quarantine.Sieve;
import io.waxwatch.common.watches.BackfillQueue;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.discogs.client.DiscogsBodies.ShelfPage;
import io.waxwatch.provider.discogs.imports.ImportJobStore.Job;
import io.waxwatch.provider.discogs.imports.ImportJobStore.Progress;
import io.waxwatch.provider.discogs.imports.ImportJobStore.Totals;
import io.waxwatch.provider.discogs.imports.ImportedReleaseStore.Touched;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What an import writes: each page in one transaction that counts it under the job's fence, stores the watch releases, plans
 * their polls, asks for their backfills and draws their revision, in the order of every other change of a watch. So a page is
 * counted exactly once, and a killed provider costs the page it was reading.
 */
final class ImportPages {

    /** New imported watches are priced in this currency until their owner says otherwise. */
    private static final String CURRENCY = "USD";

    private static final Part NOTHING = new Part(0, 0, 0);

    /** Why an import ends whose owner is not active any more. */
    static final String OWNER_LEFT = "User account is inactive";

    private final Database database;
    private final ImportJobStore jobs;
    private final ImportedReleaseStore releases = new ImportedReleaseStore();
    private final PollStore polls = new PollStore();
    private final PollPlanner planner;
    private final BackfillQueue backfills = new BackfillQueue();
    private final WatchRevisions revisions = new WatchRevisions();
    private final EventStore events;
    private final int most;
    private final Quarantine quarantine;

    /** @param most watch releases that one user may have */
    ImportPages(
            Database database,
            ImportJobStore jobs,
            PollPlanner planner,
            EventStore events,
            int most,
            Quarantine quarantine) {
        this.most = most;
        this.database = database;
        this.jobs = jobs;
        this.planner = planner;
        this.events = events;
        this.quarantine = quarantine;
    }

    /** The job was no longer ours: somebody else goes on with it, or it was cancelled. */
    static final class Stale extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stale(UUID jobId) {
            super("import " + jobId + " belongs to a newer claim", null, false, false);
        }
    }

    /** Its owner may watch no more. */
    static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Full(int most) {
            super(
                    "an account may watch " + most + " releases, resting ones included; what came before is imported",
                    null,
                    false,
                    false);
        }
    }

    /**
     * What a page led to.
     *
     * @param outcome of the job
     * @param next what to read next; null unless the job goes on
     * @param revision of the watches that changed; 0 for none
     */
    record Stored(Outcome outcome, Position next, long revision) {

        /** Its owner has left. */
        static final Stored FAILED = new Stored(Outcome.FAILED, null, 0);
    }

    /** How a job stands after a page. */
    enum Outcome {
        GOES_ON,
        COMPLETED,
        FAILED
    }

    /**
     * Stores a page and renews the lease; fails with {@link Stale} when the job was lost meanwhile. A record that cannot be
     * stored is put aside.
     */
    Future<Stored> store(Job job, Position position, ShelfPage page, Duration lease) {
        List<ShelfItem> items = ShelfItem.of(page.rows());
        return database.repeatedTransaction(connection -> ofActive(
                        connection,
                        job,
                        () -> touch(connection, job, position, items)
                                .compose(touched -> count(
                                                connection, job, position, page, Part.of(items, touched, 0), lease)
                                        .compose(counted -> settle(connection, touched)))
                                .compose(revision -> goOn(connection, job, position, page, revision))))
                .recover(cause -> BadData.isCauseOf(cause)
                        ? sieved(job, position, page, items, lease)
                        : Future.failedFuture(cause));
    }

    /** By halves, each in a transaction of its own, and the page is counted last: begun anew, it finds what it has stored. */
    private Future<Stored> sieved(Job job, Position position, ShelfPage page, List<ShelfItem> items, Duration lease) {
        return Sieve.pass(
                        items,
                        some -> database.repeatedTransaction(connection -> jobs.holdActiveOwner(connection, job)
                                .compose(active -> active ? jobs.hold(connection, job) : Future.succeededFuture(false))
                                .compose(ours -> ours
                                        ? write(connection, job, position, some)
                                        : Future.succeededFuture(NOTHING))),
                        (item, cause) -> quarantine.put(
                                Source.IMPORT,
                                job.userId() + " " + item.releaseId(),
                                job.userId(),
                                item.toString(),
                                cause))
                .compose(parts -> {
                    Part all = parts.stream().reduce(NOTHING, Part::and);
                    return database.repeatedTransaction(connection -> ofActive(
                            connection,
                            job,
                            () -> count(connection, job, position, page, all, lease)
                                    .compose(counted -> goOn(connection, job, position, page, all.revision()))));
                });
    }

    /**
     * Some of a page, stored.
     *
     * @param revision of the watches that changed; 0 for none
     */
    private record Part(int imported, int created, long revision) {

        static Part of(List<ShelfItem> items, List<Touched> touched, long revision) {
            int created = (int) touched.stream().filter(Touched::created).count();
            return new Part(items.size(), created, revision);
        }

        Part and(Part other) {
            return new Part(imported + other.imported, created + other.created, Math.max(revision, other.revision));
        }
    }

    /** Completes a job that has nothing left to read. */
    Future<Void> complete(Job job) {
        return database.transaction(connection -> complete(connection, job));
    }

    /** Ends a job that cannot go on; false when it was not ours any more. */
    Future<Boolean> fail(Job job, String error) {
        return database.transaction(connection -> jobs.fail(connection, job, error)
                .compose(ours -> ours
                        ? events.append(connection, List.of(failed(job, error))).map(true)
                        : Future.succeededFuture(false)));
    }

    /** The event of a job that ended without success. */
    static NewEvent failed(Job job, String error) {
        return event(job, EventType.IMPORT_FAILED, payload(job).put("error", error));
    }

    private Future<Stored> ofActive(SqlConnection connection, Job job, Supplier<Future<Stored>> work) {
        return jobs.holdActiveOwner(connection, job)
                .compose(active -> active ? work.get() : endForNobody(connection, job));
    }

    /** Who has left gets no watches any more, and hears nothing of it. */
    private Future<Stored> endForNobody(SqlConnection connection, Job job) {
        return jobs.fail(connection, job, OWNER_LEFT).map(ours -> {
            if (!ours) {
                throw new Stale(job.id());
            }
            return Stored.FAILED;
        });
    }

    private Future<Part> write(SqlConnection connection, Job job, Position position, List<ShelfItem> items) {
        return touch(connection, job, position, items)
                .compose(touched -> settle(connection, touched).map(revision -> Part.of(items, touched, revision)));
    }

    /** Fails with {@link Full}, so that nothing stays that would go beyond what one user may watch. */
    private Future<List<Touched>> touch(SqlConnection connection, Job job, Position position, List<ShelfItem> items) {
        return releases.store(connection, job.userId(), position.source(), items)
                .compose(touched -> touched.stream().noneMatch(Touched::created)
                        ? Future.succeededFuture(touched)
                        : releases.count(connection, job.userId())
                                .compose(watched -> watched > most
                                        ? Future.failedFuture(new Full(most))
                                        : Future.succeededFuture(touched)));
    }

    private Future<Void> count(
            SqlConnection connection, Job job, Position position, ShelfPage page, Part part, Duration lease) {
        var progress = new Progress(
                position.cursor(page.pagination().pages()),
                position.page(),
                page.rows().size(),
                part.imported(),
                part.created());
        return jobs.pageDone(connection, job, progress, lease)
                .compose(ours -> ours ? Future.succeededFuture() : Future.failedFuture(new Stale(job.id())));
    }

    private Future<Stored> goOn(SqlConnection connection, Job job, Position position, ShelfPage page, long revision) {
        Position next = position.after(job.scope(), page.pagination().pages()).orElse(null);
        return next == null
                ? complete(connection, job).map(new Stored(Outcome.COMPLETED, null, revision))
                : Future.succeededFuture(new Stored(Outcome.GOES_ON, next, revision));
    }

    /** @return the revision; 0 when no watch changed */
    private Future<Long> settle(SqlConnection connection, List<Touched> touched) {
        if (touched.isEmpty()) {
            return Future.succeededFuture(0L);
        }
        Map<UUID, PollSpec> specs = new LinkedHashMap<>();
        touched.stream()
                .filter(Touched::created)
                .forEach(release -> specs.put(release.id(), planner.forRelease(release.releaseId(), CURRENCY)));
        return polls.serveNewReleases(connection, specs)
                .compose(served -> backfills.requestAll(connection, WatchKind.RELEASE, specs.keySet()))
                .compose(asked -> revisions.record(
                        connection,
                        WatchKind.RELEASE,
                        touched.stream().map(Touched::id).toList()));
    }

    private Future<Void> complete(SqlConnection connection, Job job) {
        return jobs.complete(connection, job)
                .compose(totals -> totals.isEmpty()
                        ? Future.failedFuture(new Stale(job.id()))
                        : events.append(connection, List.of(completed(job, totals.get()))))
                .mapEmpty();
    }

    private static NewEvent completed(Job job, Totals all) {
        return event(
                job,
                EventType.IMPORT_COMPLETED,
                payload(job).put("processed_count", all.processed()).put("imported_count", all.imported()));
    }

    private static JsonObject payload(Job job) {
        return new JsonObject().put("job_id", job.id().toString()).put("source", job.scope());
    }

    private static NewEvent event(Job job, EventType type, JsonObject payload) {
        return new NewEvent(job.userId(), type, null, null, null, payload);
    }
}
