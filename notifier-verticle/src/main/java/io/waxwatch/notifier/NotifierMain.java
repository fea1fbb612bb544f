package io.waxwatch.notifier;

import io.waxwatch.common.node.ServiceMain;
import io.waxwatch.common.settings.Role;

/** The notifier as a service of its own, in the cluster. */
public final class NotifierMain {

    private NotifierMain() {}

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        ServiceMain.worker("notifier", Role.NOTIFIER, Notifier::deploy);
    }
}
