package io.waxwatch.benchmarks.report;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** The line without which no figure means anything. */
public final class Machine {

    private Machine() {}

    /** Cores, JDK, kernel, and how busy the machine is already. */
    public static String line() {
        return String.format(
                Locale.ROOT,
                "%d cores, JDK %s, %s %s %s, load average %.1f",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
