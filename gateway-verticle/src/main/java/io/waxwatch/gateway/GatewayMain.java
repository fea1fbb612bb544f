package io.waxwatch.gateway;

import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;

/** The gateway as a service of its own, a member of the cluster. */
public final class GatewayMain {

    private GatewayMain() {}

    public static void main(String[] args) {
        try {
            Settings settings = Settings.load(System.getenv(), Role.GATEWAY);
            // Asked for now, so that a missing issuer is a fault at start and not at the first request.
            settings.authIssuer();
            Node.clustered("gateway", settings)
                    .compose(node -> {
                        node.closeOnSignal();
                        return Gateway.deploy(node, node.openDatabase());
                    })
                    .onFailure(failed -> fail(failed.toString()));
        } catch (InvalidSettings faults) {
            fail(faults.getMessage());
        }
    }

    private static void fail(String why) {
        System.err.println("The gateway cannot start:\n" + why);
        Runtime.getRuntime().halt(1);
    }
}
