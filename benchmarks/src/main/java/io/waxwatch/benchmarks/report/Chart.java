package io.waxwatch.benchmarks.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler;

/** Bars, as a picture of vectors for the documentation. */
public final class Chart {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int LABEL_ROTATION = 18;
    private static final Color[] COLORS = {new Color(0x3b6ea5), new Color(0xd98032), new Color(0x5b9a5b)};

    private final CategoryChart chart;

    private Chart(CategoryChart chart) {
        this.chart = chart;
    }

    /** An empty one; {@code unit} stands at its axis. */
    public static Chart of(String title, String unit) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.InsideNW)
                .setLegendVisible(false)
                .setSeriesColors(COLORS)
                .setChartBackgroundColor(Color.WHITE)
                .setToolTipsEnabled(false);
        chart.getStyler().setLabelsVisible(true).setLabelsPosition(0.9);
        chart.getStyler()
                .setXAxisLabelRotation(LABEL_ROTATION)
                .setPlotGridVerticalLinesVisible(false)
                .setYAxisDecimalPattern("#,##0.##");
        return new Chart(chart);
    }

    /** Adds a bar for each; more series than one stand side by side, named in a legend. */
    public Chart add(String series, Map<String, Double> bars) {
        chart.getStyler().setLegendVisible(!chart.getSeriesMap().isEmpty());
        List<String> names = new ArrayList<>(bars.keySet());
        List<Double> heights = new ArrayList<>(bars.values());
        chart.addSeries(series, names, heights);
        return this;
    }

    /** Writes {@code <folder>/<name>.svg}. */
    public void save(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".svg");
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
        // Hundredths of a pixel are enough; more digits make the file three times as large.
        Files.writeString(file, Files.readString(file).replaceAll("(\\.\\d\\d)\\d+", "$1"));
        System.out.println("Chart: " + file);
    }
}
