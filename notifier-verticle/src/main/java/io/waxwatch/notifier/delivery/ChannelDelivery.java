package io.waxwatch.notifier.delivery;

import io.vertx.core.Future;
import io.waxwatch.common.outbox.ClaimedDelivery;
import java.util.List;

/** How one channel delivers what was claimed for it. */
public interface ChannelDelivery {

    /** Whether the channel itself is able to deliver, apart from any single notification. */
    enum Channel {
        ABLE,
        /** What it needs is away: more attempts now would only fail. */
        AWAY,
        /** What it needs refuses us, and will until somebody has mended something: an attempt now and then is enough. */
        REFUSED
    }

    /**
     * Delivers and settles each of these.
     *
     * @param claimed ours until their lease ends
     * @return one future for each, in the same order, ending when it is settled. It fails only if it could not be settled;
     *     then its lease ends, and it is delivered again
     */
    List<Future<Channel>> deliver(List<ClaimedDelivery> claimed);
}
