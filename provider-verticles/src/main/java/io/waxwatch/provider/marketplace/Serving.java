package io.waxwatch.provider.marketplace;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.provider.calls.ProviderRequestStore;
import io.waxwatch.provider.polls.Outage;
import io.waxwatch.provider.polls.PollRunner;
import io.waxwatch.provider.search.ProviderSearchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** The topics that one process answers, and what of it is under way: unregistered first, drained then. Of one event loop. */
public final class Serving {

    /** The whole poll must end inside its lease, with room to write its outcome. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

    private static final long LOOK_EVERY_MILLIS = 50;

    private final Vertx vertx;
    private final Bus bus;
    private final Settings settings;
    private final PollSchedule schedule;
    private final ProviderRequestStore calls;
    private final IntConsumer onEvents;
    private final List<Bus.Registration> registrations = new ArrayList<>();
    private int inFlight;

    /** @param onEvents told how many events a poll brought, after the commit */
    public Serving(
            Vertx vertx,
            Bus bus,
            Settings settings,
            PollSchedule schedule,
            ProviderRequestStore calls,
            IntConsumer onEvents) {
        this.vertx = vertx;
        this.bus = bus;
        this.settings = settings;
        this.schedule = schedule;
        this.calls = calls;
        this.onEvents = onEvents;
    }

    /** Answers a topic; what it has begun is awaited when the process stops. */
    public <Q extends BusMessage, A extends BusMessage> Future<Void> serve(
            RequestTopic<Q, A> topic, Function<Q, Future<A>> answer) {
        return kept(bus.serve(topic, question -> counted(answer.apply(question))));
    }

    /** Keeps a registration of another kind until {@link #unregister}. */
    public Future<Void> kept(Future<Bus.Registration> registration) {
        return registration.onSuccess(registrations::add).mapEmpty();
    }

    /**
     * Does the due polls of a marketplace.
     *
     * @param quotaPause how long to leave it alone after a 429 that does not say for how long
     * @param work does one poll and commits its outcome; told how many events it brought
     */
    public Future<Void> servePolls(Provider provider, Duration quotaPause, Function<PollDue, Future<Integer>> work) {
        Duration lease = settings.get(SettingsCatalog.SCHEDULER_LEASE_SECONDS);
        var runner = new PollRunner(
                schedule,
                lease.minus(shorter(LEASE_MARGIN, lease.dividedBy(2))),
                quotaPause,
                () -> jitter(settings.get(SettingsCatalog.SCHEDULER_FAILURE_RETRY_JITTER_SECONDS)),
                onEvents,
                new Outage(System::nanoTime));
        return serve(Topics.pollDue(provider.wireName(), lease), (PollDue poll) -> runner.run(poll, work));
    }

    /** Answers collectors' searches of a marketplace. */
    public Future<Void> serveSearches(Provider provider, ProviderSearchService.Search search) {
        Duration deadline = settings.get(SettingsCatalog.SEARCH_PROVIDER_TIMEOUT_SECONDS);
        var searches = new ProviderSearchService(provider, search, calls, deadline);
        return serve(Topics.search(provider.wireName(), deadline), (SearchAsked asked) -> searches.answer(asked));
    }

    /** Takes nothing more. */
    public Future<Void> unregister() {
        return Future.join(
                        registrations.stream().map(Bus.Registration::unregister).toList())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Ends when nothing is under way any more, or the time is up. */
    public Future<Void> drained(Duration within) {
        return drained(System.nanoTime() + within.toNanos());
    }

    private Future<Void> drained(long until) {
        if (inFlight == 0 || System.nanoTime() - until > 0) {
            return Future.succeededFuture();
        }
        return vertx.timer(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS).compose(later -> drained(until));
    }

    private <T> Future<T> counted(Future<T> running) {
        inFlight++;
        return running.onComplete(ended -> inFlight--);
    }

    /** A random time up to the bound. */
    public static Duration jitter(Duration bound) {
        return bound.isZero()
                ? bound
                : Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound.toMillis() + 1));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
