package io.waxwatch.benchmarks.processes;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes that a benchmark runs on: those of this build, or those of a former one. In both cases the benchmark itself is
 * today's, so that both builds are asked for the same.
 *
 * @param name as it is printed
 * @param classPath for another JVM
 */
public record Build(String name, String classPath) {

    /** Where a build keeps the modules and libraries of its benchmarks. */
    private static final String LIBRARIES = "lib";

    /** What this JVM runs on. */
    public static Build current() {
        return new Build("this build", System.getProperty("java.class.path"));
    }

    /**
     * A former build under today's benchmarks. What these call has to be there already in the former build.
     *
     * @param target its folder {@code benchmarks/target}
     */
    public static Build former(Path target) throws IOException {
        Path libraries = target.toAbsolutePath().resolve(LIBRARIES);
        if (!Files.isDirectory(libraries)) {
            throw new IOException(target + " is no benchmarks/target of a build: it has no folder " + LIBRARIES);
        }
        return new Build("former build", String.join(File.pathSeparator, List.of(own().toString(), libraries + "/*")));
    }

    /** Today's benchmarks without the libraries that their archive refers to. */
    private static Path own() throws IOException {
        try {
            Path source = Path.of(Build.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(source) ? source : source.resolveSibling("classes");
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
