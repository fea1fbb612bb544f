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

    @Test
    void parts_that_were_killed_are_told_as_killed_and_their_servers_end_with_them() throws Exception {
        Process cluster = startWithParts("echo 'WARN something small'; exec sleep 300");
        Path parts = folder.resolve(".run/parts.pid");
        awaitText(parts, "\n");
        List<ProcessHandle> servers =
                List.of(process(".run/postgres/data/postmaster.pid"), process(".run/redis/redis.pid"));
        awaitText(folder.resolve(".run/logs/parts.log"), "something small");

        process(".run/parts.pid").destroyForcibly();

        assertThat(cluster.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output(cluster).lines().reduce((one, next) -> next))
                .contains(
                        "parts ended while it started: killed from outside (SIGKILL), as the system does, too, when its memory"
                                + " runs out (see .run/logs/parts.log)");
        assertThat(cluster.exitValue()).isEqualTo(1);
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void parts_that_gave_up_are_told_with_their_own_last_words_of_trouble() throws Exception {
        Process cluster =
                startWithParts("echo 'Redis cannot start: the port is taken'; echo '12:00 INFO stopped'; exit 1");

        assertThat(cluster.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output(cluster).lines().reduce((one, next) -> next))
                .contains(
                        "parts ended while it started: Redis cannot start: the port is taken (see .run/logs/parts.log)");
    }

    @Test
    void a_process_that_has_the_pid_of_a_server_of_long_ago_is_left_alone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "300").start();
        started.add(stranger);
        Files.createDirectories(folder.resolve(".run/redis"));
        Process cluster =
                startWithParts("echo " + stranger.pid() + " >\"$RUN/redis/redis.pid\"; echo 'no luck'; exit 1");

        assertThat(cluster.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(stranger.isAlive()).isTrue();
    }

    /** A cluster whose parts are a script: two servers that outlive it, and what else it does. */
    private Process startWithParts(String behaviour) throws IOException {
        script("server", "trap 'exit 0' INT TERM; for i in $(seq 1 1200); do sleep 0.1; done");
        script("bin/java", """
                case "$*" in
                  *java.specification.version* | *showSettings*) echo '    java.specification.version = 17' ;;
                  *--list-modules*) echo 'jdk.compiler@17' ;;
                  *PartsMain*)
                    RUN="$STANDALONE_DATA_DIRECTORY"
                    mkdir -p "$RUN/postgres/data" "$RUN/redis"
                    for file in postgres/data/postmaster redis/redis; do
                      cp server "$RUN/$file"
                      bash "$RUN/$file" </dev/null >/dev/null 2>&1 &
                      echo $! >"$RUN/$file.pid"
                    done
                    echo $$ >"$RUN/parts.pid"
                    %s ;;
                esac""".formatted(behaviour));
        return start("cluster.sh", "WAXWATCH_SKIP_BUILD", "yes");
    }

    private ProcessHandle process(String pidFile) throws IOException {
        return ProcessHandle.of(
                        Long.parseLong(Files.readString(folder.resolve(pidFile)).strip()))
                .orElseThrow();
    }

    private Process start(String name, String... environment) throws IOException {
        var builder = new ProcessBuilder("bash", "scripts/" + name).directory(folder.toFile());
        for (int i = 0; i < environment.length; i += 2) {
            builder.environment().put(environment[i], environment[i + 1]);
        }
        builder.environment().remove("JAVA_HOME");
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
