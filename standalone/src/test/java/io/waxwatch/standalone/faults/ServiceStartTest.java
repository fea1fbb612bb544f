package io.waxwatch.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.standalone.postgres.EmbeddedPostgresPart;
import io.waxwatch.standalone.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that start while what they need is not there yet, each a process of its own. */
final class ServiceStartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Map<String, String> MAINS = Map.of(
            "scheduler", "io.waxwatch.scheduler.SchedulerMain",
            "provider", "io.waxwatch.provider.ProviderMain",
            "notifier", "io.waxwatch.notifier.NotifierMain");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ServiceProcess> services = new ArrayList<>();

    @AfterEach
    void stop() {
        services.stream().filter(ServiceProcess::isAlive).forEach(ServiceProcess::kill);
    }

    private ServiceProcess start(String name, String databaseUrl, Map<String, String> more) {
        int port = Ports.free();
        Map<String, String> environment = new HashMap<>(Map.ofEntries(
                Map.entry("ENVIRONMENT", "test"),
                Map.entry("JSON_LOGS", "true"),
                Map.entry("MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("MANAGEMENT_PORT", Integer.toString(port)),
                Map.entry("SHUTDOWN_GRACE_SECONDS", "5"),
                Map.entry("DATABASE_URL", databaseUrl),
                Map.entry("DATABASE_CONNECT_TIMEOUT_SECONDS", "2"),
                Map.entry("CLUSTER_NAME", "waxwatch-start-" + port),
                Map.entry("CLUSTER_PORT", "0")));
        environment.putAll(more);
        var service = new ServiceProcess(name, MAINS.get(name), port, environment, folder.resolve(name + ".log"));
        services.add(service);
        service.start();
        return service;
    }

    private HttpResponse<String> get(ServiceProcess service, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void awaits(ServiceProcess service, String what) {
        Await.until(
                service.name() + " waits for " + what,
                PATIENCE,
                this::evidence,
                () -> service.log().contains("\"waits_for\":\"" + what + "\"") && service.isAlive());
    }

    private String evidence() {
        return services.stream().map(ServiceProcess::tail).collect(Collectors.joining("\n"));
    }

    @Test
    void workers_wait_for_their_database_and_are_ready_only_when_they_work() throws Exception {
        try (var postgres = new EmbeddedPostgresPart(EmbeddedPostgresPart.Options.in(
                folder.resolve("postgres"), folder.resolve("binaries"), Ports.free()))) {
            postgres.start();
            String url = postgres.url();
            postgres.stop();
            MAINS.keySet().forEach(name -> start(name, url, Map.of()));
            ServiceProcess provider = services.stream()
                    .filter(one -> one.name().equals("provider"))
                    .findFirst()
                    .orElseThrow();

            for (ServiceProcess service : services) {
                awaits(service, "the database");
                assertThat(get(service, "/healthz").statusCode()).isEqualTo(200);
                assertThat(get(service, "/readyz").statusCode()).isEqualTo(503);
            }

            // A database that answers is not enough: this one has no tables, so the matching index cannot be loaded.
            postgres.start();
            awaits(provider, "its verticles");
            Await.until("only the provider itself is missing", PATIENCE, this::evidence, () -> {
                HttpResponse<String> answer = get(provider, "/readyz");
                assertThat(answer.statusCode()).isEqualTo(503);
                JsonObject checks = new JsonObject(answer.body())
                        .getJsonObject("error")
                        .getJsonObject("details")
                        .getJsonObject("checks");
                return checks.getJsonObject("db").getString("status").equals("ok")
                        && checks.getJsonObject("service").getString("status").equals("failed");
            });

            new Migrations(DatabaseAddress.parse(url)).migrate();
            for (ServiceProcess service : services) {
                Await.until(
                        service.name() + " is ready",
                        PATIENCE,
                        this::evidence,
                        () -> get(service, "/readyz").statusCode() == 200);
            }
        }
    }

    @Test
    void a_service_that_cannot_start_in_time_ends_and_its_last_line_says_why() {
        int nobody = Ports.free();
        ServiceProcess notifier = start(
                "notifier",
                "postgresql://waxwatch:s3cr3t@127.0.0.1:" + nobody + "/waxwatch",
                Map.of("STARTUP_TIMEOUT_SECONDS", "1"));

        Await.until("it ends", PATIENCE, this::evidence, () -> !notifier.isAlive());

        assertThat(notifier.terminate(PATIENCE)).as(notifier.tail()).isEqualTo(1);
        assertThat(notifier.log()).contains("\"waits_for\":\"the database\"").doesNotContain("s3cr3t");
        assertThat(notifier.log().lines())
                .last()
                .asString()
                .startsWith("The notifier cannot start: ")
                .contains(Integer.toString(nobody));
    }
}
