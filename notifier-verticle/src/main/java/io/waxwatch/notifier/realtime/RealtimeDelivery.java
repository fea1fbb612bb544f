package io.waxwatch.notifier.realtime;

import static java.util.stream.Collectors.partitioningBy;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.StreamsGrown;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.notifier.delivery.ChannelDelivery;
import io.waxwatch.notifier.delivery.DeliveryMetrics;
import io.waxwatch.notifier.delivery.DeliveryMetrics.Outcome;
import io.waxwatch.notifier.delivery.Settlement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tells the gateways that streams have grown: one piece of news a batch, with the highest stream id of each user. The
 * notification itself stays in the database, from where each stream reads on; so news that is lost, repeated or early does
 * no harm, and delivered means "handed to whoever streams, and kept for replay".
 */
public final class RealtimeDelivery implements ChannelDelivery {

    private final Bus bus;
    private final Settlement settlement;
    private final DeliveryMetrics metrics;

    public RealtimeDelivery(Bus bus, Settlement settlement, DeliveryMetrics metrics) {
        this.bus = bus;
        this.settlement = settlement;
        this.metrics = metrics;
    }

    @Override
    public List<Future<Channel>> deliver(List<ClaimedDelivery> claimed) {
        var byActivity = claimed.stream().collect(partitioningBy(ClaimedDelivery::userActive));
        Future<Channel> told = tell(byActivity.get(true)).map(Channel.ABLE);
        List<Future<Channel>> ends = new ArrayList<>(claimed.size());
        for (ClaimedDelivery delivery : claimed) {
            ends.add(delivery.userActive() ? told : suppress(delivery));
        }
        return ends;
    }

    private Future<Void> tell(List<ClaimedDelivery> deliveries) {
        if (deliveries.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<UUID, Long> grownTo = new HashMap<>();
        deliveries.forEach(delivery -> {
            if (delivery.streamId() != null) {
                grownTo.merge(delivery.userId(), delivery.streamId(), Math::max);
            }
        });
        if (!grownTo.isEmpty()) {
            bus.publish(Topics.NOTIFICATION_REALTIME, new StreamsGrown(grownTo));
        }
        return settlement
                .sent(deliveries)
                .onSuccess(settled -> deliveries.forEach(delivery -> metrics.ended(delivery, Outcome.SENT)));
    }

    private Future<Channel> suppress(ClaimedDelivery delivery) {
        return settlement
                .giveUp(delivery, null)
                .onSuccess(settled -> metrics.ended(delivery, Outcome.SUPPRESSED))
                .map(Channel.ABLE);
    }
}
