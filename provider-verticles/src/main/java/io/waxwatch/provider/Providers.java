package io.waxwatch.provider;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.SettingsCatalog;

/** Puts the provider verticle on a node. */
public final class Providers {

    private Providers() {}

    /** In a process whose readiness is not the provider's. */
    public static Future<Void> deploy(Node node, Database database) {
        return service(node, database, new Readiness(node.vertx()));
    }

    /** One instance a process: its matching index belongs to one event loop, and is the process's largest memory. */
    public static Future<Void> service(Node node, Database database, Readiness readiness) {
        return node.deploy(
                () -> new ProviderVerticle(node, database, readiness),
                1,
                node.settings().get(SettingsCatalog.SHUTDOWN_GRACE_SECONDS));
    }
}
