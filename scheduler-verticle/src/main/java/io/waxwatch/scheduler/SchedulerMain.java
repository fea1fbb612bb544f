package io.waxwatch.scheduler;

import io.waxwatch.common.node.ServiceMain;
import io.waxwatch.common.settings.Role;

/** The scheduler as a service of its own, in the cluster. */
public final class SchedulerMain {

    private SchedulerMain() {}

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        ServiceMain.worker("scheduler", Role.SCHEDULER, Scheduler::deploy);
    }
}
