package io.waxwatch.benchmarks.streams;

import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.Topics;
import java.util.Arrays;

/**
 * Says on the bus that notifications are ready. Looked up by name, because builds that {@code --against} measures call the
 * message's family and the topics' types otherwise; everything else of theirs that this benchmark uses has kept its name.
 */
final class NotificationNudge {

    private NotificationNudge() {}

    static void send(Bus bus, int notifications) {
        try {
            Object message = message(notifications);
            Object topic = Topics.class.getField("NOTIFICATION_READY").get(null);
            Arrays.stream(Bus.class.getMethods())
                    .filter(method -> method.getName().equals("nudge"))
                    .findAny()
                    .orElseThrow(() -> new NoSuchMethodException("Bus.nudge"))
                    .invoke(bus, topic, message);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this build names its notification nudge otherwise", changed);
        }
    }

    private static Object message(int notifications) throws ReflectiveOperationException {
        Class<?> type;
        try {
            type = Class.forName("io.waxwatch.common.bus.BusMessage$NotificationReady");
        } catch (ClassNotFoundException former) {
            type = Class.forName("io.waxwatch.common.bus.Wire$NotificationReady");
        }
        return type.getConstructor(int.class).newInstance(notifications);
    }
}
