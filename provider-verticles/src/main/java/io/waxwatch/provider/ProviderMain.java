package io.waxwatch.provider;

import io.waxwatch.common.node.ServiceMain;
import io.waxwatch.common.settings.Role;

/** The provider verticle as a service of its own, in the cluster. */
public final class ProviderMain {

    private ProviderMain() {}

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        ServiceMain.worker("provider", Role.PROVIDER, Providers::service);
    }
}
