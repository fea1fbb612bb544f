package io.waxwatch.standalone.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/DEPENDENCIES.md} against the class path, on which every module lies. */
class DependenciesDocumentTest {
    private static final Path PAGE =
            Path.of(System.getProperty("waxwatch.root", "..")).resolve("docs/DEPENDENCIES.md");
    private static final Pattern ROW =
            Pattern.compile("\\| (?<group>[\\w.-]+):(?<artifact>[\\w.*-]+)( †)? \\| (?<version>\\S+) \\|.*");
    /** {@code …/<group as folders>/<artifact>/<version>/<file>.jar}, as local repositories have it. */
    private static final Pattern JAR = Pattern.compile(".*/(?<artifact>[^/]+)/(?<version>[^/]+)/[^/]+\\.jar");

    private record Row(String group, String artifact, String version) {
        boolean covers(String jar, String jarArtifact) {
            String folders = "/" + group.replace('.', '/') + "/" + jarArtifact + "/";
            return jar.contains(folders) && (artifact.equals("*") || artifact.equals(jarArtifact));
        }
    }

    @Test
    void tells_the_version_of_every_library_once() throws IOException {
        List<Row> rows = rows();
        for (String jar : jars()) {
            Matcher parts = JAR.matcher(jar);
            assertThat(parts.matches()).as(jar).isTrue();
            assertThat(rows.stream().filter(row -> row.covers(jar, parts.group("artifact"))))
                    .as("the row of " + jar)
                    .singleElement()
                    .extracting(Row::version)
                    .isEqualTo(parts.group("version"));
        }
    }

    private static List<Row> rows() throws IOException {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.map(ROW::matcher)
                    .filter(Matcher::matches)
                    .map(row -> new Row(row.group("group"), row.group("artifact"), row.group("version")))
                    .toList();
        }
    }

    private static List<String> jars() {
        List<String> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> path.replace('\\', '/'))
                .filter(path -> path.endsWith(".jar"))
                // Our own modules, when Maven tests what it has packaged.
                .filter(path -> !path.contains("/target/"))
                .toList();
        assertThat(jars).hasSizeGreaterThan(50);
        return jars;
    }
}
