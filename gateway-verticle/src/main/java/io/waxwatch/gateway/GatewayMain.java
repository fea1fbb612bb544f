package io.waxwatch.gateway;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.node.ServiceMain;
import io.waxwatch.common.settings.Role;

/** The gateway as a service of its own, in the cluster. */
public final class GatewayMain {

    private GatewayMain() {}

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        ServiceMain.run("gateway", Role.GATEWAY, GatewayMain::start);
    }

    private static Future<Integer> start(Node node) {
        // Asked for now, so that a missing issuer is a fault at start and not at the first request.
        node.settings().authIssuer();
        Database database = node.openDatabase();
        return ServiceMain.reachable(node, database).compose(reachable -> Gateway.deploy(node, database));
    }
}
