package io.waxwatch.common.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the sample file and the tables of the documentation must say, made from the catalogue. */
final class SettingsDocuments {

    private static final int COMMENT_WIDTH = 110;

    private SettingsDocuments() {}

    /** The folder of the whole repository. */
    static Path root() {
        String given = System.getProperty("waxwatch.root");
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve(".git"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("not inside the repository; set -Dwaxwatch.root");
        }
        return folder;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String sample() {
        StringBuilder out = new StringBuilder();
        out.append("# Every setting with its default. A blank value means: not set; for REDIS_URL it means: off.\n");
        out.append("# For docker --env-file, Compose or an IDE; values are not quoted, so a shell cannot source it.\n");
        out.append(
                "# Secrets do not belong in a file that is committed or left on a server: inject them at run time.\n");
        out.append("# Made from SettingsCatalog; to make it anew, see docs/CONFIGURATION.md.\n");
        SettingGroup group = null;
        for (Setting<?> setting : SettingsCatalog.all()) {
            if (setting.group() != group) {
                group = setting.group();
                out.append("\n# ==== ").append(group.title()).append(" ====\n");
            }
            out.append('\n').append(wrapped(meaning(setting) + " (" + type(setting) + ")"));
            out.append(setting.name())
                    .append('=')
                    .append(setting.defaultText().orElse(""))
                    .append('\n');
        }
        return out.toString();
    }

    static String table() {
        StringBuilder out = new StringBuilder();
        SettingGroup group = null;
        for (Setting<?> setting : SettingsCatalog.all()) {
            if (setting.group() != group) {
                group = setting.group();
                out.append("\n### ").append(group.title()).append("\n\n");
                out.append("| Variable | Default | Type | Required by | Meaning |\n");
                out.append("| --- | --- | --- | --- | --- |\n");
            }
            out.append("| `").append(setting.name()).append("` | ");
            out.append(setting.defaultText().map(text -> "`" + text + "`").orElse("none"));
            out.append(" | ")
                    .append(type(setting))
                    .append(" | ")
                    .append(requiredBy(setting))
                    .append(" | ");
            out.append(meaning(setting)
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace("|", "\\|"))
                    .append(" |\n");
        }
        return out.append('\n').toString();
    }

    static String retiredTable() {
        StringBuilder out = new StringBuilder("\n| Variable | Became | Why |\n| --- | --- | --- |\n");
        for (RetiredSetting retired : SettingsCatalog.retired()) {
            String successors =
                    retired.successors().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
            out.append("| `").append(retired.name()).append("` | ");
            out.append(successors.isEmpty() ? "dropped" : successors);
            out.append(" | ").append(retired.reason()).append(" |\n");
        }
        return out.append('\n').toString();
    }

    private static String meaning(Setting<?> setting) {
        return setting.reservedBecause()
                .map(because -> setting.doc() + " Accepted for compatibility, but not used: " + because)
                .orElse(setting.doc());
    }

    private static String type(Setting<?> setting) {
        return setting.secret() && !setting.type().startsWith("secret") ? "secret " + setting.type() : setting.type();
    }

    private static String requiredBy(Setting<?> setting) {
        if (!setting.requiredBy().isEmpty()) {
            return "every service";
        }
        return setting.requiredInProductionBy().isEmpty()
                ? ""
                : setting.requiredInProductionBy().stream()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(", ", "", " in production"));
    }

    private static String wrapped(String sentence) {
        StringBuilder out = new StringBuilder();
        StringBuilder line = new StringBuilder("#");
        for (String word : sentence.split(" ")) {
            if (line.length() + word.length() + 1 > COMMENT_WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        return out.append(line).append('\n').toString();
    }
}
