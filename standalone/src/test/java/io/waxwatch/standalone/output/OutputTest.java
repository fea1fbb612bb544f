package io.waxwatch.standalone.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    private static final RunInfo INFO = new RunInfo(
            "http://127.0.0.1:8080",
            "abc.def.ghi",
            UUID.fromString("6f1b2f0e-5a55-4f5c-9c38-0a7c1f6f2d11"),
            "ann@example.org",
            "tangerine",
            "http://127.0.0.1:8081/auth/v1",
            "http://127.0.0.1:8082",
            "http://127.0.0.1:8083",
            42);

    @TempDir
    Path folder;

    @Test
    void writes_for_scripts_what_they_need_and_for_nobody_else() throws Exception {
        Path run = folder.resolve(".run");
        new RunFile(run).write(INFO);

        JsonObject json = new JsonObject(Files.readString(run.resolve("standalone.json")));
        assertThat(json.fieldNames())
                .containsExactly(
                        "apiUrl", "token", "userId", "email", "password", "issuer", "mailUrl", "sandboxUrl", "pid");
        assertThat(json.getLong("pid")).isEqualTo(42);
        assertThat(Files.readString(run.resolve("token")).strip()).isEqualTo("abc.def.ghi");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.resolve("standalone.json"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(run)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void has_no_token_where_another_issuer_signs_people_in_and_says_which() throws Exception {
        RunInfo info = RunInfo.withoutCollector(
                "http://127.0.0.1:8080",
                "https://issuer.example/",
                "http://127.0.0.1:8082",
                "http://127.0.0.1:8083",
                42);
        Files.writeString(folder.resolve("token"), "of an earlier run");
        new RunFile(folder).write(info);

        JsonObject json = new JsonObject(Files.readString(folder.resolve("standalone.json")));
        assertThat(json.fieldNames()).containsExactly("apiUrl", "issuer", "mailUrl", "sandboxUrl", "pid");
        assertThat(folder.resolve("token")).doesNotExist();
        assertThat(new Banner(folder).render(info, folder.resolve("token"), Duration.ofMillis(9_440)))
                .contains("(9.4 s)", "https://issuer.example/", "no demo collector", "kill 42")
                .doesNotContain("null", "cat token");
    }

    @Test
    void removes_its_own_files_and_not_those_of_a_later_run() {
        RunFile file = new RunFile(folder);
        file.write(INFO);

        file.remove(41);
        assertThat(folder.resolve("standalone.json")).exists();

        file.remove(42);
        assertThat(folder).isEmptyDirectory();
        file.remove(42);
    }

    @Test
    void a_file_that_is_not_json_does_not_disturb_the_stop() throws Exception {
        Files.writeString(folder.resolve("standalone.json"), "{\"pid\": \"x\"");

        new RunFile(folder).remove(42);

        assertThat(folder.resolve("standalone.json")).exists();
    }

    @Test
    void tells_in_a_few_lines_where_everything_is() {
        String banner = new Banner(folder).render(INFO, folder.resolve(".run/token"), Duration.ofMillis(9_440));

        assertThat(banner)
                .contains("WaxWatch is up (9.4 s).")
                .contains("http://127.0.0.1:8080/docs", "ann@example.org", "tangerine", "http://127.0.0.1:8082")
                // 700 characters that nobody reads.
                .doesNotContain("abc.def.ghi")
                .contains(
                        "curl -s -H \"Authorization: Bearer $(cat .run/token)\" http://127.0.0.1:8080/api/watch-rules")
                .contains(
                        "curl -N -H \"Authorization: Bearer $(cat .run/token)\" http://127.0.0.1:8080/api/stream/events")
                .contains("Ctrl-C", "kill 42");
        assertThat(banner.lines().count()).isLessThan(20);
    }

    @Test
    void shows_a_token_file_elsewhere_by_its_whole_path_safe_for_the_shell() {
        Path elsewhere = Path.of("/srv/my data/token");

        assertThat(new Banner(folder).render(INFO, elsewhere, Duration.ZERO)).contains("$(cat '/srv/my data/token')");
    }
}
