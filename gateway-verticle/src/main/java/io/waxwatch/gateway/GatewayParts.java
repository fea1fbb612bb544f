package io.waxwatch.gateway;

import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.redis.RedisOutage;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.gateway.auth.TokenVerifier;
import io.waxwatch.gateway.routing.ReadLanes;
import io.waxwatch.gateway.search.ProviderSearches;
import io.waxwatch.gateway.sessions.Sessions;
import io.waxwatch.gateway.stream.StreamSlots;
import io.waxwatch.gateway.throttle.LocalBuckets;
import io.waxwatch.gateway.users.Users;
import java.time.Clock;
import java.util.function.LongSupplier;

/** What all gateway instances of a process share; every part is safe for all threads. */
record GatewayParts(
        Settings settings,
        Database database,
        Bus bus,
        Metrics metrics,
        Readiness readiness,
        TokenVerifier tokens,
        Users users,
        Sessions sessions,
        LocalBuckets localBuckets,
        RedisOutage redisOutage,
        StreamSlots streamSlots,
        ReadLanes lanes,
        ProviderSearches searches,
        PollPlanner planner,
        WatchRevisions revisions,
        EventStore events,
        Clock clock,
        LongSupplier nanoClock) {}
