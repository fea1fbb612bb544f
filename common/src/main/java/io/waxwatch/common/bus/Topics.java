package io.waxwatch.common.bus;

import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.BusMessage.DiscogsConnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnected;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsImportStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkFinish;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStart;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinked;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.BusMessage.EbayNotificationTaken;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.BusMessage.PollAnswered;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterTold;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.BusMessage.StreamsGrown;
import io.waxwatch.common.bus.BusMessage.WatchesChanged;
import java.time.Duration;

/** Every address of the event bus. Documented for operators in docs/EVENTS.md, compared by a test. */
public final class Topics {

    /** scheduler to notifiers, gateways and providers: nothing here carries the only copy of anything. */
    public static final EventTopic<WatchesChanged> WATCHES_CHANGED = new EventTopic<>("watches.changed");

    public static final EventTopic<NotificationReady> NOTIFICATION_READY = new EventTopic<>("notification.ready");

    public static final EventTopic<StreamsGrown> NOTIFICATION_REALTIME = new EventTopic<>("notification.realtime");

    /** Long enough for a call to Discogs that is tried again; a client waits as long. */
    private static final Duration WITH_DISCOGS = Duration.ofSeconds(30);

    /** Only our own database is needed. */
    private static final Duration WITHOUT_DISCOGS = Duration.ofSeconds(10);

    public static final RequestTopic<DiscogsLinkStart, DiscogsLinkStarted> DISCOGS_LINK_START =
            new RequestTopic<>("discogs.link.start", WITH_DISCOGS);

    public static final RequestTopic<DiscogsLinkFinish, DiscogsLinked> DISCOGS_LINK_FINISH =
            new RequestTopic<>("discogs.link.finish", WITH_DISCOGS);

    public static final RequestTopic<DiscogsConnect, DiscogsLinked> DISCOGS_LINK_CONNECT =
            new RequestTopic<>("discogs.link.connect", WITH_DISCOGS);

    public static final RequestTopic<DiscogsDisconnect, DiscogsDisconnected> DISCOGS_LINK_DISCONNECT =
            new RequestTopic<>("discogs.link.disconnect", WITHOUT_DISCOGS);

    public static final RequestTopic<DiscogsImport, DiscogsImportStarted> DISCOGS_IMPORT_START =
            new RequestTopic<>("discogs.import.start", WITHOUT_DISCOGS);

    public static final RequestTopic<ReleaseMasterAsked, ReleaseMasterTold> DISCOGS_RELEASE_MASTER =
            new RequestTopic<>("discogs.release.master", Duration.ofSeconds(12));

    /** Long enough for a token, a key and the erasure; eBay waits some seconds longer and comes again. */
    public static final RequestTopic<EbayNotification, EbayNotificationTaken> EBAY_NOTIFICATION =
            new RequestTopic<>("ebay.notification", Duration.ofSeconds(15));

    /** Answered from settings alone. */
    public static final RequestTopic<ProvidersAsked, ProvidersTold> PROVIDERS =
            new RequestTopic<>("providers", Duration.ofSeconds(2));

    /** Served on developers' machines only. */
    public static final RequestTopic<DevListing, DevListingTaken> DEV_LISTING =
            new RequestTopic<>("dev.listing", Duration.ofSeconds(15));

    /** Served on developers' machines only; long enough for a call that is tried again. */
    public static final RequestTopic<DevRuleRun, DevRuleRan> DEV_RULE_RUN =
            new RequestTopic<>("dev.rule.run", Duration.ofSeconds(45));

    private Topics() {}

    /**
     * Where due polls of one provider go; answered when the outcome is committed.
     *
     * @param provider wire name, such as {@code ebay}
     * @param lease how long the claim lasts: after it the answer no longer matters
     */
    public static RequestTopic<PollDue, PollAnswered> pollDue(String provider, Duration lease) {
        return new RequestTopic<>("poll.due." + provider, lease);
    }

    /**
     * Where collectors' searches of one provider go; answered with what it found.
     *
     * @param provider wire name, such as {@code ebay}
     * @param deadline how long the collector waits for this provider
     */
    public static RequestTopic<SearchAsked, SearchAnswered> search(String provider, Duration deadline) {
        return new RequestTopic<>("search." + provider, deadline);
    }
}
