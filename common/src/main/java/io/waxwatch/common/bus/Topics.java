package io.waxwatch.common.bus;

import io.waxwatch.common.bus.Wire.DevListing;
import io.waxwatch.common.bus.Wire.DevListingTaken;
import io.waxwatch.common.bus.Wire.DevRuleRan;
import io.waxwatch.common.bus.Wire.DevRuleRun;
import io.waxwatch.common.bus.Wire.DiscogsConnect;
import io.waxwatch.common.bus.Wire.DiscogsDisconnect;
import io.waxwatch.common.bus.Wire.DiscogsDisconnected;
import io.waxwatch.common.bus.Wire.DiscogsImport;
import io.waxwatch.common.bus.Wire.DiscogsImportStarted;
import io.waxwatch.common.bus.Wire.DiscogsLinkFinish;
import io.waxwatch.common.bus.Wire.DiscogsLinkStart;
import io.waxwatch.common.bus.Wire.DiscogsLinkStarted;
import io.waxwatch.common.bus.Wire.DiscogsLinked;
import io.waxwatch.common.bus.Wire.NotificationReady;
import io.waxwatch.common.bus.Wire.PollAnswered;
import io.waxwatch.common.bus.Wire.PollDue;
import io.waxwatch.common.bus.Wire.ProvidersAsked;
import io.waxwatch.common.bus.Wire.ProvidersTold;
import io.waxwatch.common.bus.Wire.ReleaseMasterAsked;
import io.waxwatch.common.bus.Wire.ReleaseMasterTold;
import io.waxwatch.common.bus.Wire.SearchAnswered;
import io.waxwatch.common.bus.Wire.SearchAsked;
import io.waxwatch.common.bus.Wire.StreamsGrown;
import io.waxwatch.common.bus.Wire.WatchesChanged;
import java.time.Duration;

/** Every address of the event bus. Documented for operators in docs/EVENTS.md, compared by a test. */
public final class Topics {

    /** scheduler to notifiers, gateways and providers: nothing here carries the only copy of anything. */
    public static final Channel<WatchesChanged> WATCHES_CHANGED = new Channel<>("watches.changed");

    public static final Channel<NotificationReady> NOTIFICATION_READY = new Channel<>("notification.ready");

    public static final Channel<StreamsGrown> NOTIFICATION_REALTIME = new Channel<>("notification.realtime");

    /** Long enough for a call to Discogs that is tried again; a client waits as long. */
    private static final Duration WITH_DISCOGS = Duration.ofSeconds(30);

    /** Only our own database is needed. */
    private static final Duration WITHOUT_DISCOGS = Duration.ofSeconds(10);

    public static final Topic<DiscogsLinkStart, DiscogsLinkStarted> DISCOGS_LINK_START =
            new Topic<>("discogs.link.start", WITH_DISCOGS);

    public static final Topic<DiscogsLinkFinish, DiscogsLinked> DISCOGS_LINK_FINISH =
            new Topic<>("discogs.link.finish", WITH_DISCOGS);

    public static final Topic<DiscogsConnect, DiscogsLinked> DISCOGS_LINK_CONNECT =
            new Topic<>("discogs.link.connect", WITH_DISCOGS);

    public static final Topic<DiscogsDisconnect, DiscogsDisconnected> DISCOGS_LINK_DISCONNECT =
            new Topic<>("discogs.link.disconnect", WITHOUT_DISCOGS);

    public static final Topic<DiscogsImport, DiscogsImportStarted> DISCOGS_IMPORT_START =
            new Topic<>("discogs.import.start", WITHOUT_DISCOGS);

    public static final Topic<ReleaseMasterAsked, ReleaseMasterTold> DISCOGS_RELEASE_MASTER =
            new Topic<>("discogs.release.master", Duration.ofSeconds(12));

    /** Answered from settings alone. */
    public static final Topic<ProvidersAsked, ProvidersTold> PROVIDERS =
            new Topic<>("providers", Duration.ofSeconds(2));

    /** Served on developers' machines only. */
    public static final Topic<DevListing, DevListingTaken> DEV_LISTING =
            new Topic<>("dev.listing", Duration.ofSeconds(15));

    /** Served on developers' machines only; long enough for a call that is tried again. */
    public static final Topic<DevRuleRun, DevRuleRan> DEV_RULE_RUN =
            new Topic<>("dev.rule.run", Duration.ofSeconds(45));

    private Topics() {}

    /**
     * Where due polls of one provider go; answered when the outcome is committed.
     *
     * @param provider wire name, such as {@code ebay}
     * @param lease how long the claim lasts: after it the answer no longer matters
     */
    public static Topic<PollDue, PollAnswered> pollDue(String provider, Duration lease) {
        return new Topic<>("poll.due." + provider, lease);
    }

    /**
     * Where collectors' searches of one provider go; answered with what it found.
     *
     * @param provider wire name, such as {@code ebay}
     * @param deadline how long the collector waits for this provider
     */
    public static Topic<SearchAsked, SearchAnswered> search(String provider, Duration deadline) {
        return new Topic<>("search." + provider, deadline);
    }
}
