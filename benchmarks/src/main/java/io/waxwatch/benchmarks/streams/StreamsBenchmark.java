package io.waxwatch.benchmarks.streams;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.benchmarks.BenchmarkServers;
import io.waxwatch.benchmarks.report.Chart;
import io.waxwatch.benchmarks.report.Percentiles;
import io.waxwatch.benchmarks.report.Results;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.notifier.Notifier;
import io.waxwatch.standalone.identity.DevIdentityProvider;
import io.waxwatch.standalone.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * 5,000 collectors, each with one open stream, on one gateway with a heap of 512 MiB: what an idle stream costs, and how long
 * after its commit an alert is at the client. Alerts are written as providers write them and go the whole way: outbox,
 * notifier, bus, gateway, socket. Gateway and clients are processes of their own; the notifier is in this one; all share
 * the machine's cores with PostgreSQL.
 */
public final class StreamsBenchmark {

    private static final int STREAMS = 5_000;
    private static final int IDLE_SECONDS = 25;
    private static final int ALERTS_PER_SECOND = 100;
    private static final int STEADY_SECONDS = 20;
    private static final int SOME = 500;
    private static final int FAN_OUT_ROUNDS = 5;
    private static final int PATIENCE_SECONDS = 60;
    private static final double TARGET_MILLIS = 250;
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(2);
    private static final double MEGABYTE = 1024 * 1024;

    /** Mails would share the machine with the streams that are measured. */
    private static final String NO_MAILS = """
            INSERT INTO user_notification_preferences (id, user_id, email_enabled, realtime_enabled, delivery_frequency,
                                                       created_at, updated_at)
            SELECT gen_random_uuid(), id, false, true, 'instant', now(), now() FROM users
            """;

    private final BenchmarkServers servers;
    private final GatewayProcess gateway;
    private final StreamReaders readers;
    private final Node node;
    private final Database database;
    private final List<UUID> users;
    private final EventStore events = new EventStore(new NotificationStore());
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    private StreamsBenchmark(
            BenchmarkServers servers,
            GatewayProcess gateway,
            StreamReaders readers,
            Node node,
            Database database,
            List<UUID> users) {
        this.servers = servers;
        this.gateway = gateway;
        this.readers = readers;
        this.node = node;
        this.database = database;
        this.users = users;
    }

    /**
     * Runs all of it and prints its table.
     *
     * @param charts where to draw it, if at all
     * @param results where to note it
     */
    public static void run(Optional<Path> charts, Results results) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%,d streams, one for each user, on one gateway with a heap of %d MiB%n",
                STREAMS,
                GatewayProcess.HEAP_MEGABYTES);
        try (BenchmarkServers servers = BenchmarkServers.start()) {
            Node alone = Node.alone("benchmark-identity", Settings.load(Map.of(), Role.STANDALONE))
                    .await(10, TimeUnit.SECONDS);
            var identity = new DevIdentityProvider(
                    alone.vertx(),
                    new DevIdentityProvider.Options(servers.folder().resolve("key.json"), 0, TOKEN_LIFETIME),
                    List.of(),
                    Clock.systemUTC());
            identity.start().await(10, TimeUnit.SECONDS);
            List<UUID> users = new ArrayList<>();
            Path tokens = issueTokens(identity, users, servers.folder().resolve("tokens.txt"));
            Map<String, String> common = common(servers, identity);
            int notifierPort = Ports.free();
            int gatewayPort = Ports.free();
            common.put("CLUSTER_MEMBERS", "[\"127.0.0.1:" + notifierPort + "\",\"127.0.0.1:" + gatewayPort + "\"]");

            Settings own = settings(common, notifierPort);
            Logging.configure(own, servers.folder().resolve("notifier.log"));
            Node node = Node.clustered("benchmark", own).await(60, TimeUnit.SECONDS);
            Database database = node.openDatabase();
            Notifier.deploy(node, database).await(20, TimeUnit.SECONDS);
            common.put("CLUSTER_PORT", Integer.toString(gatewayPort));
            try (var gateway = GatewayProcess.start(
                            common, Ports.free(), servers.folder().resolve("gateway.log"));
                    var readers = new StreamReaders()) {
                new StreamsBenchmark(servers, gateway, readers, node, database, users).measure(tokens, charts, results);
            }
            node.close().await(30, TimeUnit.SECONDS);
            identity.close().await(5, TimeUnit.SECONDS);
            alone.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Path issueTokens(DevIdentityProvider identity, List<UUID> users, Path file) throws IOException {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            UUID user = UUID.randomUUID();
            users.add(user);
            tokens.add(identity.issueToken(user, "collector-" + i + "@waxwatch.example", TOKEN_LIFETIME));
        }
        return Files.write(file, tokens);
    }

    private static Map<String, String> common(BenchmarkServers servers, DevIdentityProvider identity) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", servers.url());
        environment.put("AUTH_ISSUER", identity.issuer());
        environment.put("AUTH_JWKS_URL", identity.jwksUrl());
        environment.put("AUTH_AUDIENCE", DevIdentityProvider.AUDIENCE);
        environment.put("GATEWAY_HOST", "127.0.0.1");
        environment.put("MANAGEMENT_HOST", "127.0.0.1");
        environment.put("MANAGEMENT_PORT", Integer.toString(Ports.free()));
        environment.put("CLUSTER_HOST", "127.0.0.1");
        environment.put(
                "CLUSTER_NAME", "waxwatch-benchmark-" + ProcessHandle.current().pid());
        environment.put("EVENT_BUS_PORT", "0");
        return environment;
    }

    private static Settings settings(Map<String, String> common, int clusterPort) {
        Map<String, String> environment = new HashMap<>(common);
        environment.put("CLUSTER_PORT", Integer.toString(clusterPort));
        return Settings.load(environment, Role.NOTIFIER);
    }

    private void measure(Path tokens, Optional<Path> charts, Results results) throws Exception {
        openAll(tokens, results);
        servers.run(List.of(NO_MAILS, "VACUUM (ANALYZE)"));
        fanOut(STREAMS);
        Percentiles steady = steady();
        Percentiles some = fanOuts(SOME);
        Percentiles everybody = fanOuts(STREAMS);
        System.out.printf(
                "%-44s %9s %9s %9s %9s%n", "from the commit to the client, ms", "p50", "p99", "max", "target");
        results.less("100 alerts a second, p50 ms", steady.p50());
        results.less("100 alerts a second, p99 ms", steady.p99());
        results.less("an alert for " + SOME + ", p99 ms", some.p99());
        results.less("an alert for all, p99 ms", everybody.p99());
        print(ALERTS_PER_SECOND + " alerts a second, to anybody", steady);
        print("one listing, an alert for " + SOME, some);
        print("one listing, an alert for all " + STREAMS, everybody);
        if (charts.isPresent()) {
            Chart.of("5,000 open streams: from an alert's commit to the client", "milliseconds")
                    .add(ALERTS_PER_SECOND + " alerts a second", steady.byName())
                    .add("one listing, " + SOME + " alerts", some.byName())
                    .add("one listing, " + STREAMS + " alerts", everybody.byName())
                    .save(charts.get(), "streams-latency");
        }
    }

    private void openAll(Path tokens, Results results) throws IOException, InterruptedException {
        long heap = gateway.liveHeapBytes();
        long resident = gateway.residentBytes();
        long began = System.nanoTime();
        readers.open(gateway.port(), tokens);
        double seconds = (System.nanoTime() - began) / 1e9;
        Duration before = gateway.processorTime();
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Duration busy = gateway.processorTime().minus(before);
        int open = readers.stillOpen();
        long heapWithStreams = gateway.liveHeapBytes();
        System.out.printf(
                Locale.ROOT,
                "%,d open after %.1f s, %,d still %d s later%n"
                        + "live heap %.0f MiB, with the streams %.0f MiB: %.1f KiB a stream%n"
                        + "resident %.0f MiB, with the streams %.0f MiB%n"
                        + "idle, with heartbeats, for %d s: %.1f %% of one core%n%n",
                STREAMS,
                seconds,
                open,
                IDLE_SECONDS,
                heap / MEGABYTE,
                heapWithStreams / MEGABYTE,
                (heapWithStreams - heap) / 1024.0 / STREAMS,
                resident / MEGABYTE,
                gateway.residentBytes() / MEGABYTE,
                IDLE_SECONDS,
                100.0 * busy.toMillis() / 1000 / IDLE_SECONDS);
        results.less("idle streams, % of one core", 100.0 * busy.toMillis() / 1000 / IDLE_SECONDS);
        results.less("heap, KiB a stream", (heapWithStreams - heap) / 1024.0 / STREAMS);
        if (open != STREAMS) {
            throw new IllegalStateException("only " + open + " streams are open");
        }
    }

    private Percentiles fanOuts(int collectors) throws Exception {
        List<Percentiles> rounds = new ArrayList<>();
        for (int round = 0; round < FAN_OUT_ROUNDS; round++) {
            rounds.add(fanOut(collectors));
        }
        return Percentiles.medians(rounds);
    }

    /** So many wanted the same record. */
    private Percentiles fanOut(int collectors) throws Exception {
        List<UUID> ids = append(users.subList(0, collectors));
        long committed = StreamReaders.nowMicros();
        Map<UUID, Long> written = new HashMap<>();
        ids.forEach(id -> written.put(id, committed));
        return latencies(written);
    }

    /** Each alert to somebody, in a transaction of its own. */
    private Percentiles steady() throws Exception {
        Map<UUID, Long> written = new HashMap<>();
        long began = System.nanoTime();
        for (int i = 0; i < ALERTS_PER_SECOND * STEADY_SECONDS; i++) {
            LockSupport.parkNanos(began + i * 1_000_000_000L / ALERTS_PER_SECOND - System.nanoTime());
            UUID id = append(List.of(users.get(random.nextInt(users.size())))).get(0);
            written.put(id, StreamReaders.nowMicros());
        }
        return latencies(written);
    }

    private List<UUID> append(List<UUID> users) throws TimeoutException {
        List<NewEvent> news = users.stream()
                .map(user -> new NewEvent(user, EventType.NEW_MATCH, null, null, null, payload()))
                .toList();
        List<UUID> ids = database.transaction(connection -> events.append(connection, news))
                .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        NotificationNudge.send(node.bus(), ids.size());
        return ids;
    }

    private static JsonObject payload() {
        return new JsonObject()
                .put("listing_title", "Blue Harbour - Night Ferry, first pressing, near mint")
                .put("price", 24.5)
                .put("currency", "USD")
                .put("provider", "ebay")
                .put("rule_name", "Night Ferry under 30")
                .put("listing_url", "https://www.ebay.com/itm/115000000001")
                .put("why", new JsonArray().add("title has \"night ferry\"").add("24.50 USD is within 30.00 USD"));
    }

    private Percentiles latencies(Map<UUID, Long> written) throws IOException {
        Map<UUID, Long> arrived = readers.arrivals(
                written.size(), PATIENCE_SECONDS, servers.folder().resolve("arrivals.txt"));
        if (!arrived.keySet().equals(written.keySet())) {
            throw new IllegalStateException(written.size() + " alerts were written, " + arrived.size() + " came");
        }
        return Percentiles.ofMicros(written.entrySet().stream()
                .mapToLong(alert -> arrived.get(alert.getKey()) - alert.getValue())
                .toArray());
    }

    private static void print(String what, Percentiles latency) {
        System.out.printf(
                Locale.ROOT,
                "%-44s %9.1f %9.1f %9.1f %9s%n",
                what,
                latency.p50(),
                latency.p99(),
                latency.max(),
                latency.p99() <= TARGET_MILLIS ? "met" : "missed");
    }
}
