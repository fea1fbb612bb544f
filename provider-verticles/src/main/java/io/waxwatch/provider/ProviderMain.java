package io.waxwatch.provider;

import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.http.ManagementServer;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.node.ServiceMain;
import io.waxwatch.common.settings.Role;

/** The provider verticle as a service of its own, in the cluster. */
public final class ProviderMain {

    private ProviderMain() {}

    public static void main(String[] arguments) {
        ServiceMain.run("provider", Role.PROVIDER, ProviderMain::start);
    }

    private static io.vertx.core.Future<?> start(Node node) {
        var database = node.openDatabase();
        var readiness = new Readiness().require("db", () -> database.query("SELECT 1", Tuple.tuple()));
        return ManagementServer.start(node, readiness).compose(listening -> Providers.deploy(node, database));
    }
}
