package io.waxwatch.benchmarks.streams;

import io.waxwatch.benchmarks.processes.ChildJvm;
import io.waxwatch.gateway.GatewayMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One gateway as operators run it: a process of its own in the cluster, with a bound on its heap. */
final class GatewayProcess implements AutoCloseable {

    static final int HEAP_MEGABYTES = 512;

    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    /** The benchmark's notifier and the gateway, as the gateway sees it. */
    private static final String BOTH_IN_THE_CLUSTER = "waxwatch_cluster_members{service=\"gateway\"} 2.0";

    private final Process process;
    private final int port;

    private GatewayProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it with these settings and waits until it is ready; it logs to the file. */
    static GatewayProcess start(Map<String, String> settings, int port, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder = ChildJvm.of(GatewayMain.class, "-Xmx" + HEAP_MEGABYTES + "m");
        builder.environment().putAll(settings);
        builder.environment().put("GATEWAY_PORT", Integer.toString(port));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var gateway = new GatewayProcess(builder.start(), port);
        gateway.awaitReady(log);
        return gateway;
    }

    int port() {
        return port;
    }

    /** What is reachable on its heap, after a full collection. */
    long liveHeapBytes() throws IOException, InterruptedException {
        String total = lastLine(List.of(ChildJvm.tool("jcmd"), pid(), "GC.class_histogram"));
        // "Total  <instances>  <bytes>"
        return Long.parseLong(total.strip().split("\\s+")[2]);
    }

    /** What the operating system holds in memory for it. */
    long residentBytes() throws IOException, InterruptedException {
        return 1024
                * Long.parseLong(
                        lastLine(List.of("ps", "-o", "rss=", "-p", pid())).strip());
    }

    /** Of all its threads, since it started. */
    Duration processorTime() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private String pid() {
        return Long.toString(process.pid());
    }

    private static String lastLine(List<String> command) throws IOException, InterruptedException {
        Process asked = new ProcessBuilder(command).redirectErrorStream(true).start();
        String last = "";
        try (var lines = new BufferedReader(new InputStreamReader(asked.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.isBlank() ? last : line;
            }
        }
        if (asked.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + last);
        }
        return last;
    }

    private void awaitReady(Path log) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (answers(http, "/readyz", "") && answers(http, "/metrics", BOTH_IN_THE_CLUSTER)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        close();
        throw new IllegalStateException("the gateway did not get ready in the cluster; see " + log);
    }

    private boolean answers(HttpClient http, String path, String content) throws InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            HttpResponse<String> answer = http.send(question, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(content);
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
