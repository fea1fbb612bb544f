package io.waxwatch.benchmarks.mail;

import io.waxwatch.benchmarks.processes.Build;
import io.waxwatch.benchmarks.processes.ChildJvm;
import io.waxwatch.notifier.NotifierMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One notifier as operators run it, of this build or of a former one. */
final class NotifierProcess implements AutoCloseable {

    private final Process process;

    private NotifierProcess(Process process) {
        this.process = process;
    }

    /** Starts it; it logs to the file. */
    static NotifierProcess start(Build build, Map<String, String> settings, Path log) throws IOException {
        ProcessBuilder builder = ChildJvm.of(build, NotifierMain.class, List.of(), "-Xmx256m");
        builder.environment().putAll(settings);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return new NotifierProcess(builder.start());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
