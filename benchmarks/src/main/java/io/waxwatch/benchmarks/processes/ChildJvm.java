package io.waxwatch.benchmarks.processes;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's flags. */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * What starts it, on this one's classes.
     *
     * @param flags after this JVM's own, whose heap limit they override
     */
    public static ProcessBuilder of(Class<?> main, String... flags) {
        return of(Build.current(), main, List.of(), flags);
    }

    /**
     * The same on the classes of a build.
     *
     * @param arguments for {@code main}
     */
    public static ProcessBuilder of(Build build, Class<?> main, List<String> arguments, String... flags) {
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", build.classPath(), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** The path of a program of this JDK. */
    public static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
