package io.waxwatch.standalone.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One service of the cluster in a JVM of its own, with a heap and flags as in production. It may be killed and started again. */
final class ServiceProcess {

    /** What Hazelcast asks to see; the same as in scripts/lib.sh. */
    private static final List<String> FLAGS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // A JVM that lives for seconds, beside six others: not worth the second compiler.
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory",
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 12;
    private static final int TAIL_COLUMNS = 600;

    private final String name;
    private final String mainClass;
    private final int port;
    private final Map<String, String> environment;
    private final Path logFile;
    private Process process;
    private int earlierLives;

    /**
     * @param port where its {@code /readyz} answers
     * @param environment everything it is told; it inherits nothing
     */
    ServiceProcess(String name, String mainClass, int port, Map<String, String> environment, Path logFile) {
        this.name = name;
        this.mainClass = mainClass;
        this.port = port;
        this.environment = Map.copyOf(environment);
        this.logFile = logFile;
    }

    String name() {
        return name;
    }

    /** Its address, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    void start() {
        start(Map.of());
    }

    /** Starts it with some settings that differ this once. */
    void start(Map<String, String> differences) {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", classpath(), mainClass));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(differences);
        earlierLives = log().length();
        try {
            process = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL: it gets no chance to say goodbye. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(KILL_PATIENCE);
    }

    /** SIGSTOP: it is there and does nothing, like a process whose machine is starved. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " ended with " + code);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /**
     * SIGTERM.
     *
     * @return its exit code
     */
    int terminate(Duration grace) {
        process.destroy();
        return awaitEnd(grace);
    }

    private int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " has not ended within " + limit.toSeconds() + " s\n" + tail());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name + " ended", interrupted);
        }
        return process.exitValue();
    }

    /** What it wrote so far, over all its lives. */
    String log() {
        try {
            return Files.exists(logFile) ? Files.readString(logFile) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What it wrote since it was started last. */
    String lifeLog() {
        return log().substring(earlierLives);
    }

    /** The end of its log, for people. */
    String tail() {
        List<String> lines = log().lines().toList();
        String state = process == null ? "never started" : isAlive() ? "alive" : "ended " + process.exitValue();
        return "--- " + name + " (" + state + "), last lines of its log:\n"
                + lines.stream()
                        .skip(Math.max(0, lines.size() - TAIL_LINES))
                        .map(line -> line.length() > TAIL_COLUMNS ? line.substring(0, TAIL_COLUMNS) + " …" : line)
                        .collect(Collectors.joining("\n"));
    }

    /** The tests' own classpath without what is only for tests, such as their logging. */
    private static String classpath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
