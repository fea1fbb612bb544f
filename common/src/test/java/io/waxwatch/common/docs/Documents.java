package io.waxwatch.common.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the project's Markdown: sections by heading, rows of tables. */
final class Documents {

    private Documents() {}

    static String read(String file) {
        try {
            return Files.readString(root().resolve(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Path root() {
        String given = System.getProperty("waxwatch.root");
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** The text under each heading of this level that is code, such as {@code ## `poll.due`}, by that code. */
    static Map<String, String> sections(String text, int level) {
        String mark = "#".repeat(level) + " ";
        Map<String, String> sections = new LinkedHashMap<>();
        String open = null;
        for (String line : text.lines().toList()) {
            if (line.startsWith(mark) && line.endsWith("`")) {
                open = line.substring(mark.length()).replace("`", "");
                sections.put(open, "");
            } else if (line.startsWith("#") && line.indexOf(' ') <= level) {
                open = null;
            } else if (open != null) {
                sections.merge(open, line + "\n", String::concat);
            }
        }
        return sections;
    }

    /** The rows whose first cell is code, each as its cells without the code marks. */
    static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        text.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            List<String> cells = new ArrayList<>();
            for (String cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
                cells.add(cell.strip());
            }
            cells.set(0, cells.get(0).replace("`", ""));
            rows.add(cells);
        });
        return rows;
    }
}
