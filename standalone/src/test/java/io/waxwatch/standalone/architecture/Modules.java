package io.waxwatch.standalone.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.List;

/** The modules' root packages, and which classes the rules are held against: those that ship. */
final class Modules {

    static final String ROOT = "io.waxwatch";
    static final String COMMON = ROOT + ".common";
    static final String GATEWAY = ROOT + ".gateway";
    static final String SCHEDULER = ROOT + ".scheduler";
    static final String PROVIDER = ROOT + ".provider";
    static final String NOTIFIER = ROOT + ".notifier";
    static final String SANDBOX = ROOT + ".sandbox";
    static final String STANDALONE = ROOT + ".standalone";

    static final List<String> VERTICLES = List.of(GATEWAY, SCHEDULER, PROVIDER, NOTIFIER);
    static final List<String> ALL = List.of(COMMON, GATEWAY, SCHEDULER, PROVIDER, NOTIFIER, SANDBOX, STANDALONE);

    private Modules() {}

    /** A package and everything below it, as a pattern. */
    static String within(String module) {
        return module + "..";
    }

    /** Leaves out tests and what common lends to them. */
    static final class OnlyWhatShips implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }
}
