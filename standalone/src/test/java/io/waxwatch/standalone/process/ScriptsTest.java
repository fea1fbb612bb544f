package io.waxwatch.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts behind `make`, in a folder of their own with a Maven that only waits. */
@Timeout(120)
class ScriptsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("waxwatch.root", "..")).toAbsolutePath();

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(folder.resolve("scripts"));
        Files.createDirectories(folder.resolve("bin"));
        try (Stream<Path> scripts = Files.list(ROOT.resolve("scripts"))) {
            for (Path script : scripts.filter(Files::isRegularFile).toList()) {
                Files.copy(script, folder.resolve("scripts").resolve(script.getFileName()));
            }
        }
        script("bin/mvn", "echo '[INFO] Building slowly'; exec sleep 60");
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.sh", "cluster.sh", "bench.sh", "migrate.sh", "reset.sh"})
    void refuses_beside_a_running_one_before_it_touches_anything(String second) throws Exception {
        Process first = start("run.sh");
        Path log = folder.resolve(".run/logs/build.log");
        awaitText(log, "Building slowly");

        Process refused = start(second);

        assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(output(refused).lines())
                .containsExactly("WaxWatch already runs in this folder (process " + first.pid()
                        + "): stop it first, by Ctrl-C or: kill " + first.pid());
        assertThat(Files.readString(log)).contains("Building slowly");
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void takes_the_folder_of_one_that_was_killed() throws Exception {
        Process first = start("run.sh");
        awaitText(folder.resolve(".run/logs/build.log"), "Building slowly");
        first.descendants().forEach(ProcessHandle::destroyForcibly);
        first.destroyForcibly().waitFor();
        script("bin/mvn", "echo '[INFO] Building again'; exec sleep 60");

        Process second = start("run.sh");

        awaitText(folder.resolve(".run/logs/build.log"), "Building again");
        assertThat(Files.readString(folder.resolve(".run/run.pid")).strip()).isEqualTo(Long.toString(second.pid()));
    }

    @Test
    void leaves_nothing_under_run_that_others_can_read() throws Exception {
        Files.createDirectories(folder.resolve(".run"));

        start("run.sh");

        awaitText(folder.resolve(".run/logs/build.log"), "Building slowly");
        Set<PosixFilePermission> ownersOnly = Set.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
        try (Stream<Path> files = Files.walk(folder.resolve(".run"))) {
            for (Path file : files.toList()) {
                assertThat(ownersOnly).as(file.toString()).containsAll(Files.getPosixFilePermissions(file));
            }
        }
    }

    private Process start(String name) throws IOException {
        var builder = new ProcessBuilder("bash", "scripts/" + name).directory(folder.toFile());
        builder.environment()
                .put("PATH", folder.resolve("bin") + ":" + builder.environment().get("PATH"));
        builder.environment().remove("WAXWATCH_RUN_PID");
        Process process = builder.redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private void script(String name, String body) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String output(Process ended) throws IOException {
        return new String(ended.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void awaitText(Path file, String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
