package io.waxwatch.provider.discogs.imports;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsImportStarted;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.claims.ClaimLoop;
import io.waxwatch.common.claims.OutageBackoff;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Backoff;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.quarantine.Quarantine;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.provider.discogs.accountlink.Account;
import io.waxwatch.provider.discogs.accountlink.AccountLinkStore;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.discogs.client.DiscogsClient.Shelf;
import io.waxwatch.provider.discogs.imports.ImportJobStore.Job;
import io.waxwatch.provider.discogs.imports.ImportPages.Full;
import io.waxwatch.provider.discogs.imports.ImportPages.Stale;
import io.waxwatch.provider.discogs.imports.ImportPages.Stored;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.http.ProviderFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports wantlists and collections. A job is a row; whoever claims it reads page by page and commits each, under a lease that
 * a page renews. What a killed process leaves behind is claimed when its lease ends, and goes on behind the last page that was
 * committed. Of one event loop.
 */
public final class ImportJobs {

    /** A job that nobody leases waits no longer than this. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration NUDGE_DELAY = Duration.ofMillis(10);

    /** A lease must outlast a page, or its owner would never finish one: what the client needs at most, and this for the rest. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(50);

    /** Each is bound by Discogs' answers; more would only share one quota. */
    private static final int MAX_RUNNING = 2;
    /** Imports leave this much of a minute's calls to floors and to people who wait. */
    private static final int CALLS_FOR_OTHERS = 20;

    /** Pauses of a job whose token cannot be opened at present. An operator needs longer than an outage. */
    private static final Backoff KEY_AWAY = new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(20));

    private static final Backoff KEY_UNUSABLE = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private static final long PAUSE_WHEN_FEW_LEFT_MILLIS = 3_000;

    /** The label {@code outcome} of imports. */
    private static final String COMPLETED = "completed";

    private static final String FAILED = "failed";

    private static final Logger log = LoggerFactory.getLogger(ImportJobs.class);

    private final Vertx vertx;
    private final Database database;
    private final Bus bus;
    private final Metrics metrics;
    private final EventStore events;
    private final AccountLinkStore links;
    private final ImportJobStore jobs;
    private final ImportPages pages;
    private final ImportRetries retries;
    private Function<UUID, Future<Optional<Account>>> accounts;
    private Function<UUID, CallOrigin> askers;
    private DiscogsClient discogs;
    private Duration lease;
    private final ClaimLoop<Job> loop;
    private final OutageBackoff troubles;
    private final RandomGenerator random;
    private boolean stopping;

    /**
     * @param maxReleases watch releases that one user may have
     * @param retryBase pause of a job after a first failure
     * @param random spreads the rests while the database or the key service is away
     */
    public ImportJobs(
            Vertx vertx,
            Database database,
            Bus bus,
            Metrics metrics,
            EventStore events,
            PollPlanner planner,
            AccountLinkStore links,
            int maxReleases,
            Duration retryBase,
            RandomGenerator random) {
        this.vertx = vertx;
        this.database = database;
        this.bus = bus;
        this.metrics = metrics;
        this.events = events;
        this.links = links;
        this.jobs = new ImportJobStore(database);
        this.pages = new ImportPages(database, jobs, planner, events, maxReleases, new Quarantine(database, metrics));
        this.retries = new ImportRetries(retryBase);
        this.troubles = new OutageBackoff(random);
        this.random = random;
        for (String outcome : List.of(COMPLETED, FAILED)) {
            metrics.counter(Name.IMPORT_JOBS, "outcome", outcome);
        }
        this.loop = new ClaimLoop<>(vertx, new ClaimLoop.Limits(1, MAX_RUNNING, 1, LOOK, NUDGE_DELAY), new DueJobs());
    }

    /** From now on jobs are done here. */
    public void begin(
            DiscogsClient client,
            Function<UUID, Future<Optional<Account>>> linked,
            Function<UUID, CallOrigin> onBehalf) {
        this.askers = onBehalf;
        this.discogs = client;
        this.lease = client.longestCall().plus(LEASE_MARGIN);
        this.accounts = linked;
        loop.start();
    }

    /** Writes a job, or finds the one in flight that does what is asked. */
    public Future<DiscogsImportStarted> start(DiscogsImport wish) {
        if (wish.source() == null || ShelfSource.of(wish.source()).isEmpty()) {
            return Future.failedFuture(new Failure(
                    FailureKind.UNMET, "Unsupported Discogs import source; give wantlist, collection or both"));
        }
        return database.transaction(connection -> linkOf(connection, wish.userId())
                        .compose(linkId -> jobs.inFlight(connection, wish.userId(), wish.source())
                                .compose(found -> found.isPresent()
                                        ? Future.succeededFuture(new DiscogsImportStarted(found.get(), false))
                                        : create(connection, wish, linkId))))
                .onSuccess(started -> {
                    if (started.created()) {
                        log.info("discogs.import.started", kv("job_id", started.jobId()), kv("user_id", wish.userId()));
                        bus.nudge(Topics.NOTIFICATION_READY, new NotificationReady(1));
                        loop.nudge();
                    }
                });
    }

    /** Ends the user's jobs in flight, in the transaction that removes the link; answers how many. */
    public Future<Integer> cancel(SqlConnection connection, UUID userId) {
        String error = "Discogs account was disconnected";
        return jobs.cancel(connection, userId, error)
                .compose(cancelled -> events.append(
                        connection,
                        cancelled.stream()
                                .map(job -> ImportPages.failed(job, error))
                                .toList()))
                .map(List::size);
    }

    /** Takes no more jobs; those running stop behind their present page and are given back. */
    public Future<Void> stop() {
        stopping = true;
        return loop.stop();
    }

    private final class DueJobs implements ClaimLoop.Work<Job> {

        @Override
        public Future<List<Job>> claim(int most) {
            return jobs.claim(lease).map(job -> job.stream().toList());
        }

        @Override
        public Optional<Duration> begin(List<Job> claimed) {
            troubles.over();
            claimed.forEach(ImportJobs.this::run);
            return Optional.empty();
        }

        @Override
        public Duration claimFailed(Throwable cause) {
            Duration rest = troubles.another();
            if (troubles.worthTelling()) {
                log.warn("discogs.import.claim_failed", kv("error", cause.toString()));
            }
            return rest;
        }

        @Override
        public Future<?> giveBack(List<Job> claimed) {
            return Future.join(claimed.stream().map(jobs::giveBack).toList());
        }
    }

    private Future<UUID> linkOf(SqlConnection connection, UUID userId) {
        return links.lock(connection, userId).map(found -> {
            var link = found.orElseThrow(() -> new Failure(
                    FailureKind.UNMET,
                    "Discogs is not connected; link an account first, by POST /api/integrations/discogs/oauth/start or"
                            + " .../connect"));
            if (!link.usable()) {
                throw new Failure(
                        FailureKind.UNMET,
                        "Discogs OAuth callback not completed; allow the access at Discogs, or begin anew by POST"
                                + " /api/integrations/discogs/oauth/start");
            }
            return link.id();
        });
    }

    private Future<DiscogsImportStarted> create(SqlConnection connection, DiscogsImport wish, UUID linkId) {
        return jobs.create(connection, wish.userId(), linkId, wish.source())
                .map(created -> created.orElseThrow(() -> new Failure(
                        FailureKind.CONFLICT, "Concurrent import job creation conflict; ask again in a moment")))
                .compose(id ->
                        events.append(connection, List.of(started(wish, id))).map(new DiscogsImportStarted(id, true)));
    }

    private static NewEvent started(DiscogsImport wish, UUID jobId) {
        return new NewEvent(
                wish.userId(),
                EventType.IMPORT_STARTED,
                null,
                null,
                null,
                new JsonObject().put("job_id", jobId.toString()).put("source", wish.source()));
    }

    private void run(Job job) {
        log.info("discogs.import.claimed", kv("job_id", job.id()), kv("cursor", job.cursor()));
        accounts.apply(job.userId())
                .transform(account ->
                        account.failed() ? settle(job, job.attempts(), account.cause()) : read(job, account.result()))
                .onFailure(cause -> log.error("discogs.import.left", kv("job_id", job.id()), cause))
                .onComplete(ended -> {
                    loop.settled();
                    // Of a user's jobs one at a time is due: the next one may be now.
                    loop.nudge();
                });
    }

    private Future<Void> read(Job job, Optional<Account> account) {
        if (account.isEmpty()) {
            return fail(job, "Discogs is not connected");
        }
        Optional<Position> from = Position.resume(job.scope(), job.cursor());
        return from.isPresent()
                ? readFrom(job, account.get(), from.get(), job.attempts())
                : pages.complete(job).onSuccess(done -> completed(job));
    }

    private Future<Void> readFrom(Job job, Account account, Position position, int failedBefore) {
        if (stopping) {
            return jobs.giveBack(job);
        }
        return fetch(job.userId(), account, position)
                .compose(
                        shelf -> pages.store(job, position, shelf.page(), lease).map(stored -> new Read(shelf, stored)))
                .transform(read ->
                        read.failed() ? settle(job, failedBefore, read.cause()) : goOn(job, account, read.result()));
    }

    private Future<Void> goOn(Job job, Account account, Read read) {
        if (read.stored().revision() > 0) {
            bus.publish(Topics.WATCHES_CHANGED, new WatchesChanged(read.stored().revision()));
        }
        return switch (read.stored().outcome()) {
            case GOES_ON ->
                paced(read.shelf())
                        .compose(waited -> readFrom(job, account, read.stored().next(), 0));
            case COMPLETED -> {
                completed(job);
                yield Future.succeededFuture();
            }
            case FAILED -> {
                failed(job, ImportPages.OWNER_LEFT);
                yield Future.succeededFuture();
            }
        };
    }

    /** A page, and what became of it. */
    private record Read(Shelf shelf, Stored stored) {}

    private Future<Shelf> fetch(UUID userId, Account account, Position position) {
        String authorization = account.authorization().get();
        CallOrigin onBehalf = askers.apply(userId);
        return switch (position.source()) {
            case WANTLIST -> discogs.wantlist(account.username(), position.page(), authorization, onBehalf);
            case COLLECTION -> discogs.collection(account.username(), position.page(), authorization, onBehalf);
        };
    }

    private Future<Void> paced(Shelf shelf) {
        return shelf.callsLeft() == null || shelf.callsLeft() >= CALLS_FOR_OTHERS
                ? Future.succeededFuture()
                : vertx.timer(PAUSE_WHEN_FEW_LEFT_MILLIS, TimeUnit.MILLISECONDS).mapEmpty();
    }

    private Future<Void> settle(Job job, int failedBefore, Throwable cause) {
        if (cause instanceof Stale) {
            log.info("discogs.import.stale", kv("job_id", job.id()));
            return Future.succeededFuture();
        }
        if (cause instanceof KeyUnavailable key) {
            return waitForKey(job, key.reason());
        }
        if (cause instanceof TokenCipher.Unreadable) {
            return fail(job, "the stored Discogs token cannot be read; connect the account again");
        }
        if (cause instanceof Full) {
            return fail(job, cause.getMessage());
        }
        Optional<Duration> pause = retries.pause(cause, failedBefore);
        if (pause.isEmpty()) {
            return fail(job, text(cause));
        }
        log.warn(
                "discogs.import.postponed",
                kv("job_id", job.id()),
                kv("error", text(cause)),
                kv("pause_ms", pause.get().toMillis()));
        // Not due at once even where it runs: the sweep claims it when its time has come.
        return jobs.postpone(job, pause.get(), true, text(cause));
    }

    /** However long it takes: nothing is wrong with the account, and its owner can do nothing about the key. */
    private Future<Void> waitForKey(Job job, KeyUnavailable.Reason reason) {
        log.warn("discogs.import.waits_for_key", kv("job_id", job.id()), kv("reason", reason.text()));
        Backoff pause = reason == KeyUnavailable.Reason.AWAY ? KEY_AWAY : KEY_UNUSABLE;
        return jobs.postpone(
                job, pause.equalJitter(1, random), false, "the stored Discogs token has to wait: " + reason.text());
    }

    private Future<Void> fail(Job job, String error) {
        return pages.fail(job, error)
                .onSuccess(ours -> {
                    if (ours) {
                        failed(job, error);
                    }
                })
                .mapEmpty();
    }

    private void failed(Job job, String error) {
        log.warn("discogs.import.failed", kv("job_id", job.id()), kv("error", error));
        ended(FAILED);
    }

    private void completed(Job job) {
        log.info("discogs.import.completed", kv("job_id", job.id()), kv("user_id", job.userId()));
        ended(COMPLETED);
    }

    private void ended(String outcome) {
        metrics.counter(Name.IMPORT_JOBS, "outcome", outcome).increment();
        bus.nudge(Topics.NOTIFICATION_READY, new NotificationReady(1));
    }

    /** Safe to show: a provider's failure names no secret, and anything else is not shown. */
    private static String text(Throwable cause) {
        if (cause instanceof ProviderFailure failure) {
            return failure.statusCode().isPresent()
                    ? "Discogs import failed with " + failure.statusCode().getAsInt()
                    : "Discogs import failed: " + failure.publicText();
        }
        return "Discogs import failed: internal error";
    }
}
