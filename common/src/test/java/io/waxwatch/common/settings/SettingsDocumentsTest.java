package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds {@code .env.sample} and {@code docs/CONFIGURATION.md} against the catalogue; {@code -Dwaxwatch.writeDocs=true} writes them. */
class SettingsDocumentsTest {

    private static final Path SAMPLE = SettingsDocuments.root().resolve(".env.sample");
    private static final Path GUIDE = SettingsDocuments.root().resolve("docs/CONFIGURATION.md");

    @BeforeAll
    static void write_them_when_asked() throws IOException {
        if (Boolean.getBoolean("waxwatch.writeDocs")) {
            Files.writeString(SAMPLE, SettingsDocuments.sample());
            String guide = SettingsDocuments.read(GUIDE);
            guide = replaced(guide, "settings", SettingsDocuments.table());
            guide = replaced(guide, "retired", SettingsDocuments.retiredTable());
            Files.writeString(GUIDE, guide);
        }
    }

    @Test
    void sample_names_every_setting_once_with_its_default_and_nothing_else() {
        Map<String, String> expected = new LinkedHashMap<>();
        SettingsCatalog.all()
                .forEach(setting ->
                        expected.put(setting.name(), setting.defaultText().orElse("")));

        List<String> names = sampleLines().stream()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(sampleVariables()).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void sample_explains_every_setting() {
        assertThat(SettingsDocuments.read(SAMPLE)).isEqualTo(SettingsDocuments.sample());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void sample_starts_every_role_once_the_database_is_named(Role role) {
        Map<String, String> variables = sampleVariables();
        variables.put("DATABASE_URL", "postgresql://waxwatch@localhost/waxwatch");

        Settings settings = Settings.load(variables, role);

        Settings defaults = Settings.load(Map.of("DATABASE_URL", variables.get("DATABASE_URL")), role);
        // The sample writes REDIS_URL out, so that both are the same, list by list and number by number.
        assertThat(settings.toString()).isEqualTo(defaults.toString());
        assertThat(settings.isDevelopment()).isTrue();
    }

    @Test
    void sample_gives_no_secret() {
        assertThat(sampleVariables())
                .allSatisfy((name, value) -> assertThat(value)
                        .matches(text -> text.isEmpty() || !isSecret(name) || name.equals("REDIS_URL")));
    }

    @Test
    void guide_lists_every_setting_with_its_default_and_nothing_else() {
        Map<String, String> expected = new LinkedHashMap<>();
        SettingsCatalog.all()
                .forEach(setting -> expected.put(
                        setting.name(),
                        setting.defaultText().map(text -> "`" + text + "`").orElse("none")));

        Map<String, String> listed = new LinkedHashMap<>();
        Pattern.compile("(?m)^\\| `([A-Z0-9_]+)` \\| (.+?) \\|")
                .matcher(section("settings"))
                .results()
                .forEach(row -> assertThat(listed.put(row.group(1), row.group(2)))
                        .as("second row of %s", row.group(1))
                        .isNull());

        assertThat(listed).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(section("settings")).isEqualTo(SettingsDocuments.table());
    }

    @Test
    void guide_lists_every_retired_variable_and_what_it_became() {
        List<String> listed = Pattern.compile("(?m)^\\| `([A-Z0-9_]+)` \\|")
                .matcher(section("retired"))
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();

        assertThat(listed)
                .containsExactlyElementsOf(SettingsCatalog.retired().stream()
                        .map(RetiredSetting::name)
                        .toList());
        assertThat(section("retired")).isEqualTo(SettingsDocuments.retiredTable());
    }

    private static List<String> sampleLines() {
        return SettingsDocuments.read(SAMPLE)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static Map<String, String> sampleVariables() {
        Map<String, String> variables = new HashMap<>();
        for (String line : sampleLines()) {
            int equals = line.indexOf('=');
            variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return variables;
    }

    private static boolean isSecret(String name) {
        return SettingsCatalog.all().stream().anyMatch(setting -> setting.name().equals(name) && setting.secret());
    }

    private static String section(String name) {
        String guide = SettingsDocuments.read(GUIDE);
        return guide.substring(start(guide, name), end(guide, name));
    }

    private static String replaced(String guide, String name, String content) {
        return guide.substring(0, start(guide, name)) + content + guide.substring(end(guide, name));
    }

    private static int start(String guide, String name) {
        String marker = "<!-- " + name + ":begin -->\n";
        assertThat(guide).containsOnlyOnce(marker);
        return guide.indexOf(marker) + marker.length();
    }

    private static int end(String guide, String name) {
        String marker = "<!-- " + name + ":end -->";
        assertThat(guide).containsOnlyOnce(marker);
        return guide.indexOf(marker);
    }
}
