package io.waxwatch.notifier;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import java.time.Duration;

/** The notifier as a part of a node: its own process's only one, or one among all in standalone. */
public final class Notifier {

    private Notifier() {}

    /** Deploys it; the node stops it before it closes the database. */
    public static Future<Void> deploy(Node node, Database database) {
        Duration stopLimit = NotifierVerticle.DRAIN_LIMIT.plusSeconds(2);
        return node.deploy(
                () -> new NotifierVerticle(node.bus(), database, node.metrics(), node.settings()), 1, stopLimit);
    }
}
