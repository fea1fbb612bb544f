package io.waxwatch.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A server process known by the pid file that it wrote. Pids are used again by the operating system, so a process
 * counts only when {@code identity} also recognises its command line.
 */
public final class PidFile {
    private final Path file;
    private final Predicate<String> identity;

    /**
     * Creates the view of one pid file.
     *
     * @param file holds the pid in its first line
     * @param identity whether a full command line is that of this server on this folder
     */
    public PidFile(Path file, Predicate<String> identity) {
        this.file = file;
        this.identity = identity;
    }

    /** The running server, if the file names one. */
    public Optional<ProcessHandle> running() {
        return pid().flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> identity.test(commandLine(handle)));
    }

    /**
     * Ends the server if it runs: each signal in turn, then KILL, waiting {@code patience} after each.
     *
     * @return whether one was running
     */
    public boolean end(List<String> signals, Duration patience) {
        Optional<ProcessHandle> found = running();
        found.ifPresent(process -> {
            for (String signal : signals) {
                send(signal, process);
                if (hasEnded(process, patience)) {
                    return;
                }
            }
            process.destroyForcibly();
            hasEnded(process, patience);
        });
        return found.isPresent();
    }

    private Optional<Long> pid() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(0).strip()));
        } catch (IOException | NumberFormatException e) {
            // Gone meanwhile, or half written by a server that died: it names nobody.
            return Optional.empty();
        }
    }

    private static String commandLine(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        return info.commandLine().or(info::command).orElse("");
    }

    private static void send(String signal, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(2, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasEnded(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
