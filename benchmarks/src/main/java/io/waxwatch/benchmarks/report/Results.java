package io.waxwatch.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of one run of a benchmark, for a comparison with another run's. */
public final class Results {

    /** Before the file into which a benchmark writes them. */
    public static final String ARGUMENT = "--results=";

    /** Which of two figures is the better one. */
    public enum Better {
        MORE,
        LESS
    }

    /** One of them. */
    public record Figure(double value, Better better) {}

    private final Map<String, Figure> figures = new LinkedHashMap<>();

    /** Notes one where more is better. */
    public void more(String name, double value) {
        figures.put(name, new Figure(value, Better.MORE));
    }

    /** Notes one where less is better. */
    public void less(String name, double value) {
        figures.put(name, new Figure(value, Better.LESS));
    }

    /** By name, in the order in which they were noted. */
    public Map<String, Figure> figures() {
        return figures;
    }

    /** Writes them, a line each. */
    public void write(Path file) throws IOException {
        Files.write(
                file,
                figures.entrySet().stream()
                        .map(each -> String.join(
                                "\t",
                                each.getKey(),
                                Double.toString(each.getValue().value()),
                                each.getValue().better().name()))
                        .toList());
    }

    /** What was written. */
    public static Results read(Path file) throws IOException {
        var results = new Results();
        List<String> lines = Files.readAllLines(file);
        for (String line : lines) {
            String[] columns = line.split("\t");
            results.figures.put(columns[0], new Figure(Double.parseDouble(columns[1]), Better.valueOf(columns[2])));
        }
        return results;
    }
}
