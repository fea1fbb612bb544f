package io.waxwatch.provider.quota;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import io.waxwatch.common.bus.ProviderQuota;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.redis.RedisDialer;
import io.waxwatch.common.redis.RedisLink;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.telemetry.Metrics.Name;
import io.waxwatch.provider.http.CallLane;
import io.waxwatch.provider.http.CallPurpose;
import io.waxwatch.provider.http.CallQuota;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import io.waxwatch.provider.http.RetryAfter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One marketplace's budget, which all provider processes spend together in Redis. A call asks before it is sent and waits its
 * turn as long as its caller would; what comes back corrects the budget downwards, never upwards. While Redis is away each
 * process keeps to a small budget of its own. Of one event loop.
 */
public final class QuotaLedger implements CallQuota {

    private static final Logger log = LoggerFactory.getLogger(QuotaLedger.class);

    /** No 429 keeps us away for longer than this, unless it is the day that is spent. */
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    /** Shorter waits would only ask Redis more often. */
    private static final long SHORTEST_WAIT_MILLIS = 10;

    private static final int LEASE_SHARE = 4;

    private static final int TOO_MANY_REQUESTS = 429;

    private final Vertx vertx;
    private final Budget budget;
    private final RedisLink link;
    private final LocalBudget local;
    private final Function<Instant, Future<Long>> usedSince;
    private final ToIntFunction<OutboundAnswer> remaining;
    private final Clock clock;
    private final Duration timeout;
    /** A poll that waits longer is better deferred: its lease goes on meanwhile, and it must not end in a time-out. */
    private final Duration longestWait;

    private final Metrics metrics;
    private QuotaAnswer last;
    private boolean alone;

    /**
     * @param usedSince counts the calls that were made since an instant: what Redis has forgotten
     * @param remaining what an answer says is left of the quota; negative when it does not say
     */
    public QuotaLedger(
            Vertx vertx,
            Settings settings,
            Metrics metrics,
            Budget budget,
            Function<Instant, Future<Long>> usedSince,
            ToIntFunction<OutboundAnswer> remaining,
            Clock clock) {
        this.vertx = vertx;
        this.budget = budget;
        this.metrics = metrics;
        this.usedSince = usedSince;
        this.remaining = remaining;
        this.clock = clock;
        this.timeout = settings.get(SettingsCatalog.REDIS_TIMEOUT_MS);
        this.longestWait = settings.get(SettingsCatalog.SCHEDULER_LEASE_SECONDS).dividedBy(LEASE_SHARE);
        this.link = settings.find(SettingsCatalog.REDIS_URL)
                .map(address -> new RedisLink(
                        vertx,
                        new RedisDialer(vertx, address, settings.find(SettingsCatalog.REDIS_CA_FILE), "quota"),
                        this::proof,
                        new RedisOutage("quota"),
                        new SplittableRandom()))
                .orElse(null);
        this.local =
                new LocalBudget(budget, link == null ? LocalBudget.SWITCHED_OFF : LocalBudget.AWAY, System::nanoTime);
        String provider = provider();
        for (CallLane lane : CallLane.values()) {
            metrics.counter(Name.QUOTA_CALLS, "provider", provider, "lane", wireName(lane), "outcome", "granted");
            metrics.counter(Name.QUOTA_CALLS, "provider", provider, "lane", wireName(lane), "outcome", "refused");
        }
        metrics.gauge(Name.QUOTA_LEFT, () -> last == null ? Double.NaN : last.left(), "provider", provider);
        metrics.gauge(Name.QUOTA_HELD, () -> last != null && last.heldMillis() > 0 ? 1 : 0, "provider", provider);
    }

    /** Connects to Redis, now or as soon as it can be; never fails. */
    public Future<Void> start() {
        return link == null ? Future.succeededFuture() : link.start();
    }

    public Future<Void> close() {
        return link == null ? Future.succeededFuture() : link.close();
    }

    @Override
    public Future<Void> admit(CallPurpose purpose, Duration patience) {
        Duration bounded = patience.compareTo(longestWait) < 0 ? patience : longestWait;
        return admit(purpose, System.nanoTime() + bounded.toNanos());
    }

    private Future<Void> admit(CallPurpose purpose, long until) {
        return take(purpose).compose(answer -> {
            if (answer.granted()) {
                count(purpose.lane(), "granted");
                return Future.succeededFuture();
            }
            long wait = Math.max(SHORTEST_WAIT_MILLIS, answer.waitMillis());
            long patience = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (wait > patience) {
                count(purpose.lane(), "refused");
                leave(purpose);
                return Future.failedFuture(refusal(answer));
            }
            return vertx.timer(wait, TimeUnit.MILLISECONDS).compose(later -> admit(purpose, until));
        });
    }

    @Override
    public void answered(OutboundAnswer answer) {
        int left = remaining.applyAsInt(answer);
        if (answer.status() != TOO_MANY_REQUESTS && left < 0) {
            return;
        }
        Optional<Duration> after = RetryAfter.parse(answer.header("Retry-After"), clock, LONGEST_HOLD);
        if (answer.status() == TOO_MANY_REQUESTS) {
            local.hold(after.orElse(budget.pause()).toMillis());
            log.warn(
                    "quota.refused_upstream",
                    kv("provider", provider()),
                    kv("retry_after_s", after.map(Duration::toSeconds).orElse(null)));
        }
        ask(new QuotaScript.Ask(
                        budget.name(),
                        budget.json(clock.instant()),
                        "answered",
                        0,
                        null,
                        List.of(
                                Integer.toString(answer.status()),
                                left < 0 ? "" : Integer.toString(left),
                                after.map(pause -> Long.toString(pause.toMillis()))
                                        .orElse(""))))
                .onFailure(away -> log.debug("quota.correction_lost", kv("provider", provider())));
    }

    /** What is left, and how the lanes stand. */
    public Future<ProviderQuota> state() {
        return ask(ask("look", 0, List.of())).map(answer -> told(answer, false)).otherwise(away -> told(last, true));
    }

    private ProviderQuota told(QuotaAnswer answer, boolean withoutRedis) {
        boolean day = budget.period() == Budget.Period.DAY && answer != null;
        return new ProviderQuota(
                budget.period().name().toLowerCase(Locale.ROOT),
                budget.calls(),
                day ? answer.used() : null,
                day ? Math.max(0, (long) answer.left()) : null,
                day && answer.resetMillis() > 0 ? answer.resetMillis() : null,
                answer == null ? 0 : (answer.heldMillis() + 999) / 1000,
                withoutRedis,
                answer == null ? List.of() : lanes(answer));
    }

    private List<ProviderQuota.Lane> lanes(QuotaAnswer answer) {
        double weights =
                budget.lanes().stream().mapToDouble(Budget.LaneShare::weight).sum();
        List<ProviderQuota.Lane> lanes = new ArrayList<>();
        for (int i = 0; i < answer.lanes().size(); i++) {
            lanes.add(new ProviderQuota.Lane(
                    wireName(CallLane.values()[i]),
                    budget.lanes().get(i).weight() / weights,
                    answer.lanes().get(i).saved(),
                    answer.lanes().get(i).used()));
        }
        return lanes;
    }

    private Future<QuotaAnswer> take(CallPurpose purpose) {
        List<String> users = purpose.users().stream().map(UUID::toString).toList();
        QuotaScript.Ask take = ask("take", purpose.lane().ordinal() + 1, users);
        return ask(take)
                .recover(cause ->
                        cause instanceof Unknown ? seeded().compose(seeded -> ask(take)) : Future.failedFuture(cause))
                .transform(asked -> {
                    if (asked.succeeded()) {
                        alone = false;
                        return Future.succeededFuture(asked.result());
                    }
                    if (!alone) {
                        alone = true;
                        local.empty();
                    }
                    return Future.succeededFuture(local.take());
                });
    }

    /** A Redis that has lost the day would give it once more: what was called since its beginning is in the call log. */
    private Future<QuotaAnswer> seeded() {
        return usedSince
                .apply(Budget.lastReset(clock.instant()))
                .compose(used -> ask(ask("seed", 0, List.of(Long.toString(used)))));
    }

    private void leave(CallPurpose purpose) {
        if (!alone && !purpose.users().isEmpty()) {
            List<String> users = purpose.users().stream().map(UUID::toString).toList();
            ask(ask("leave", purpose.lane().ordinal() + 1, users));
        }
    }

    private QuotaScript.Ask ask(String operation, int lane, List<String> arguments) {
        return new QuotaScript.Ask(budget.name(), budget.json(clock.instant()), operation, lane, null, arguments);
    }

    private Future<QuotaAnswer> ask(QuotaScript.Ask ask) {
        if (link == null) {
            return Future.failedFuture("no Redis");
        }
        return link.call(connection -> run(connection, ask)).compose(answer -> {
            if (answer.isEmpty()) {
                return Future.failedFuture(new Unknown());
            }
            last = answer.get();
            return Future.succeededFuture(last);
        });
    }

    /** @return empty when the day's past is unknown */
    private Future<Optional<QuotaAnswer>> run(RedisConnection connection, QuotaScript.Ask ask) {
        return QuotaScript.run(connection, ask)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(told -> QuotaScript.isUnknown(told) ? Optional.empty() : Optional.of(QuotaScript.read(told)));
    }

    /** A server that takes no writes is not one to count in. */
    private Future<?> proof(RedisConnection fresh) {
        return run(fresh, new QuotaScript.Ask("probe", budget.json(clock.instant()), "look", 0, null, List.of()));
    }

    private ProviderFailure refusal(QuotaAnswer answer) {
        String why = switch (answer.reason()) {
            case "held" -> " asked to be left alone for a while";
            case "spent" -> " has been asked as often as it may be today";
            case "alone" -> " is asked rarely while the shared quota is out of reach";
            default -> " has been asked as often as it may be for now";
        };
        Duration wait = Duration.ofMillis(Math.max(SHORTEST_WAIT_MILLIS, answer.waitMillis()));
        return ProviderFailure.of(
                        Kind.RATE_LIMITED, ErrorType.QUOTA, title() + why + ", please retry in " + inWords(wait))
                .withRetryAfter(wait);
    }

    private static String inWords(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        if (seconds < 100) {
            return seconds + " s";
        }
        return seconds < 7_200 ? (seconds + 59) / 60 + " minutes" : (seconds + 3_599) / 3_600 + " hours";
    }

    private void count(CallLane lane, String outcome) {
        metrics.counter(Name.QUOTA_CALLS, "provider", provider(), "lane", wireName(lane), "outcome", outcome)
                .increment();
    }

    private static String wireName(CallLane lane) {
        return lane.name().toLowerCase(Locale.ROOT);
    }

    private String provider() {
        return budget.name().split(":", 2)[0];
    }

    private String title() {
        return provider().equals("ebay") ? "eBay" : "Discogs";
    }

    /** The day's past is not in Redis. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super("the day's past is unknown", null, false, false);
        }
    }
}
