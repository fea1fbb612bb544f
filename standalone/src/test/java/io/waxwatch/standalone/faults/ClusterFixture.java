package io.waxwatch.standalone.faults;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.sandbox.MarketplaceSandbox;
import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.standalone.identity.DevIdentityProvider;
import io.waxwatch.standalone.mail.MailSink;
import io.waxwatch.standalone.postgres.EmbeddedPostgresPart;
import io.waxwatch.standalone.process.Ports;
import io.waxwatch.standalone.redis.EmbeddedRedisPart;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster of real processes: two schedulers, two providers, two gateways and a notifier, each a JVM of its own, joined
 * by Hazelcast on loopback. What they need from outside (PostgreSQL, Redis, marketplace, identity provider, mail
 * sink) belongs to the test, which may stop and start it. Time stands still in the marketplace: only the test lists.
 *
 * <p>One collector with one rule, for titles that hold {@value #MARK}. Blocks everywhere; for one test thread.
 */
final class ClusterFixture implements AutoCloseable {

    /** The word that the collector's rule looks for. */
    static final String MARK = "faultline";
    /** Three seconds of work and five in which its outcome must be written. */
    static final Duration LEASE = Duration.ofSeconds(8);
    /** From listing to alert when nothing is wrong: a sweep interval, a tick, and a machine that is busy. */
    static final Duration CALM = Duration.ofSeconds(8);

    /** A lost member looks for the others after 10 s, then every 5 s; several may have to merge one after the other. */
    static final Duration MERGE = Duration.ofSeconds(240);
    /** A frozen member is suspected after 10 s. */
    private static final Duration SUSPICION = Duration.ofSeconds(40);

    static final Duration GRACE = Duration.ofSeconds(10);
    /** Seven JVMs on two busy cores. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final int INITIAL_LISTINGS = 20;
    /** More than there are services, since a port among them may be somebody else's. */
    private static final int CLUSTER_PORTS = 20;

    private static final UUID COLLECTOR = UUID.fromString("5eedc011-0000-4000-8000-00000000fa17");

    private static final String FOOTPRINT = """
            SELECT (SELECT count(*) FROM listings WHERE title = ?),
                   (SELECT count(*) FROM watch_matches m JOIN listings l ON l.id = m.listing_id WHERE l.title = ?),
                   (SELECT count(*) FROM events WHERE type = 'NEW_MATCH' AND payload ->> 'listing_title' = ?),
                   (SELECT count(*) FROM notifications n JOIN events e ON e.id = n.event_id
                    WHERE e.payload ->> 'listing_title' = ? AND n.channel = 'realtime' AND n.status = 'sent'),
                   (SELECT count(*) FROM notifications n JOIN events e ON e.id = n.event_id
                    WHERE e.payload ->> 'listing_title' = ? AND n.channel = 'email' AND n.status = 'sent')
            """;

    /** What one listing left behind: rows in the database, and mails that arrived. */
    record Footprint(long listings, long matches, long events, long realtime, long emails, long mails) {
        /** One of each. */
        static final Footprint ONCE = new Footprint(1, 1, 1, 1, 1, 1);
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final EmbeddedPostgresPart postgres;
    private final EmbeddedRedisPart redis;
    private final MarketplaceSandbox sandbox;
    private final DevIdentityProvider identity;
    private final MailSink mail;
    private final Map<String, ServiceProcess> services = new LinkedHashMap<>();
    private final Set<Integer> portsInUse = new HashSet<>();
    private final List<String> listed = new ArrayList<>();
    private final Path folder;
    private String sandboxUrl;
    private String token;
    private long listedAtStart;

    /** Nothing runs yet. @param folder for data and logs */
    ClusterFixture(Path folder) {
        this.folder = folder;
        this.postgres = new EmbeddedPostgresPart(EmbeddedPostgresPart.Options.in(
                folder.resolve("postgres"), folder.resolve("postgres-binaries"), port()));
        this.redis = new EmbeddedRedisPart(folder.resolve("redis"), port());
        this.sandbox = new MarketplaceSandbox(vertx, SandboxOptions.defaults().withInitialListings(INITIAL_LISTINGS));
        this.identity = new DevIdentityProvider(
                vertx,
                new DevIdentityProvider.Options(folder.resolve("key.json"), port(), Duration.ofHours(1)),
                List.of(),
                Clock.systemUTC());
        this.mail = new MailSink(vertx, MailSink.Options.on(port(), port()), Clock.systemUTC(), ZoneOffset.UTC);
    }

    /** Starts parts and services, signs the collector in and makes her rule. */
    void start() throws IOException, TimeoutException {
        Files.createDirectories(folder.resolve("logs"));
        postgres.start();
        new Migrations(DatabaseAddress.parse(postgres.url())).migrate();
        redis.start();
        int sandboxPort = sandbox.start(0).await(10, TimeUnit.SECONDS);
        sandboxUrl = "http://127.0.0.1:" + sandboxPort;
        Future.all(identity.start(), mail.start()).await(10, TimeUnit.SECONDS);
        token = identity.issueToken(COLLECTOR, "collector@waxwatch.example", Duration.ofHours(1));

        describeServices();
        // The first one founds the cluster: founders that start at once would each found their own and have to merge.
        service("scheduler-1").start();
        awaitReady("scheduler-1");
        restore();
        makeRule();
        listedAtStart = Await.value("the first sweep is done", CALM, this::evidence, () -> {
            long seen = number("SELECT count(*) FROM listings");
            return seen > 0 ? seen : null;
        });
    }

    /** All services run and answer, and the marketplace is in order. */
    void restore() {
        clearFaults();
        postgres.start();
        redis.start();
        services.values().stream().filter(service -> !service.isAlive()).forEach(ServiceProcess::start);
        services.keySet().forEach(this::awaitReady);
        awaitOneCluster();
    }

    /** Every service sees every other. On a starved machine some may have lost each other as they started, and have to merge. */
    void awaitOneCluster() {
        services.keySet()
                .forEach(name -> Await.until(
                        name + " sees all the others", MERGE, this::evidence, () -> members(name) == services.size()));
    }

    /** The service has noticed that somebody is gone. */
    void awaitLoss(String name) {
        Await.until(name + " misses somebody", SUSPICION, this::evidence, () -> members(name) < services.size());
    }

    private double members(String name) throws IOException, InterruptedException {
        return metric(name, "waxwatch_cluster_members");
    }

    ServiceProcess service(String name) {
        return services.get(name);
    }

    Collection<ServiceProcess> services() {
        return services.values();
    }

    EmbeddedPostgresPart postgres() {
        return postgres;
    }

    EmbeddedRedisPart redis() {
        return redis;
    }

    /** A collector's client of the alert stream that begins after the newest alert of now. */
    StreamClient follow(String... gateways) throws SQLException {
        long last = number("SELECT coalesce(max(last_stream_id), 0) FROM user_streams");
        return new StreamClient(
                List.of(gateways).stream().map(name -> service(name).url()).toList(), token, last);
    }

    void awaitReady(String name) {
        Await.until(name + " is ready", START_PATIENCE, this::evidence, () -> {
            ServiceProcess service = service(name);
            if (!service.isAlive()) {
                throw new AssertionError(name + " ended while it started\n" + service.tail());
            }
            return get(service.url() + "/readyz").statusCode() == 200 && hasReportedReady(service);
        });
    }

    /** Ready is more than a management port: its consumers are on the bus. The word must be of this life, not of an earlier one. */
    private static boolean hasReportedReady(ServiceProcess service) {
        return service.lifeLog().contains("\"service.ready\"");
    }

    /** Lists a record that the collector's rule matches; answers its title. */
    String list() throws IOException, InterruptedException {
        String title = "Marlow Quartet " + MARK + " pressing number " + (listed.size() + 1);
        control(
                "POST",
                "/control/listings",
                new JsonObject().put("title", title).put("price", "24.50"));
        listed.add(title);
        return title;
    }

    /** Every title that {@link #list()} listed. */
    List<String> listed() {
        return List.copyOf(listed);
    }

    /** How many listings must be stored: those of the start that a sweep sees, and those of the test. */
    long everListed() {
        return listedAtStart + listed.size();
    }

    /** Makes eBay's search misbehave; tokens are still given out. */
    void searchSuffers(String mode, JsonObject more) throws IOException, InterruptedException {
        control(
                "PUT",
                "/control/fault",
                new JsonObject()
                        .put("provider", "ebay")
                        .put("mode", mode)
                        .put("pathPrefix", "/buy/browse")
                        .mergeIn(more));
    }

    void clearFaults() {
        try {
            control("PUT", "/control/fault", new JsonObject().put("mode", "none"));
        } catch (IOException failed) {
            throw new AssertionError("the sandbox does not answer", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    void forgetRequests() throws IOException, InterruptedException {
        control("DELETE", "/control/requests", null);
    }

    /** The providers whose searches arrived at the marketplace, oldest first: each calls under a campaign of its own name. */
    List<String> searchers() throws IOException, InterruptedException {
        return new JsonObject(get(sandboxUrl + "/control/requests").body())
                .getJsonArray("recent").stream()
                        .map(JsonObject.class::cast)
                        .filter(call -> call.getString("path").contains("item_summary/search"))
                        .map(call -> call.getString("endUserContext").replace("affiliateCampaignId=", ""))
                        .toList();
    }

    /** A call of the collector. */
    HttpResponse<String> api(String gateway, String path) throws IOException, InterruptedException {
        return get(service(gateway).url() + path);
    }

    JsonObject readiness(String name) throws IOException, InterruptedException {
        return new JsonObject(get(service(name).url() + "/readyz").body());
    }

    /** A metric's value in Prometheus' text format: of the first line that starts with this. */
    double metric(String name, String lineStart) throws IOException, InterruptedException {
        return get(service(name).url() + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(lineStart))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " has no metric " + lineStart));
    }

    /** Failures in a row of the sweep. */
    long sweepFailures() throws SQLException {
        return number("SELECT consecutive_failures FROM polls WHERE kind = 'sweep'");
    }

    String sweepError() throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                PreparedStatement ask =
                        connection.prepareStatement("SELECT coalesce(last_error, '') FROM polls WHERE kind = 'sweep'");
                ResultSet rows = ask.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Ends the sweep's back-off, which is half a minute and more after a failure: the test has not that much time. */
    void makeSweepDue() throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                PreparedStatement change = connection.prepareStatement("""
                        UPDATE poll_schedule s SET next_due = now() FROM polls p
                        WHERE p.id = s.poll_id AND p.kind = 'sweep' AND NOT s.leased AND s.next_due > now()
                        """)) {
            change.executeUpdate();
        }
    }

    /** The single number that a query gives. */
    long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                PreparedStatement ask = connection.prepareStatement(sql);
                ResultSet rows = ask.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    Footprint footprint(String title) throws SQLException, IOException, InterruptedException {
        long mails = new JsonArray(get(mail.mailUrl() + "/messages.json").body())
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(one -> one.getString("text", "").lines().anyMatch(line -> endsWith(line, title)))
                        .count();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                PreparedStatement ask = connection.prepareStatement(FOOTPRINT)) {
            for (int i = 1; i <= 5; i++) {
                ask.setString(i, title);
            }
            try (ResultSet row = ask.executeQuery()) {
                row.next();
                return new Footprint(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), mails);
            }
        }
    }

    /** Number 1 is no part of number 12. */
    private static boolean endsWith(String line, String title) {
        int at = line.indexOf(title);
        int end = at + title.length();
        return at >= 0 && (end == line.length() || !Character.isDigit(line.charAt(end)));
    }

    /** Waits until the collector has been told of this listing on every way, once. */
    void awaitAlerted(String title, Duration limit) {
        Await.until(
                "the collector is told of \"" + title + "\"",
                limit,
                () -> "it left " + quietFootprint(title) + "\n" + evidence(),
                () -> footprint(title).equals(Footprint.ONCE));
    }

    private String quietFootprint(String title) {
        try {
            return footprint(title).toString();
        } catch (SQLException | IOException | InterruptedException unknown) {
            return "nothing that can be read: " + unknown;
        }
    }

    /** The end of every service's log. */
    String evidence() {
        return services.values().stream().map(ServiceProcess::tail).collect(Collectors.joining("\n"));
    }

    private void describeServices() {
        Map<String, String> mains = new LinkedHashMap<>();
        mains.put("scheduler-1", "io.waxwatch.scheduler.SchedulerMain");
        mains.put("scheduler-2", "io.waxwatch.scheduler.SchedulerMain");
        mains.put("provider-1", "io.waxwatch.provider.ProviderMain");
        mains.put("provider-2", "io.waxwatch.provider.ProviderMain");
        mains.put("notifier-1", "io.waxwatch.notifier.NotifierMain");
        mains.put("gateway-1", "io.waxwatch.gateway.GatewayMain");
        mains.put("gateway-2", "io.waxwatch.gateway.GatewayMain");
        // As scripts/cluster.sh has it: everybody takes the first free port of a range, and looks for the others on all
        // of it.
        int first = port();
        String members = IntStream.range(first, first + CLUSTER_PORTS)
                .mapToObj(port -> "\"127.0.0.1:" + port + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        mains.forEach((name, mainClass) -> {
            int port = port();
            Map<String, String> environment = new HashMap<>(environment());
            environment.put("NODE_NAME", name);
            environment.put("CLUSTER_PORT", Integer.toString(first));
            environment.put("CLUSTER_PORT_COUNT", Integer.toString(CLUSTER_PORTS));
            environment.put("CLUSTER_MEMBERS", members);
            environment.put(name.startsWith("gateway") ? "GATEWAY_PORT" : "MANAGEMENT_PORT", Integer.toString(port));
            environment.put("EBAY_CAMPAIGN_ID", name);
            Path log = folder.resolve("logs").resolve(name + ".log");
            services.put(name, new ServiceProcess(name, mainClass, port, environment, log));
        });
    }

    private Map<String, String> environment() {
        SandboxOptions market = SandboxOptions.defaults();
        return Map.ofEntries(
                Map.entry("ENVIRONMENT", "test"),
                Map.entry("JSON_LOGS", "true"),
                Map.entry("LOG_LEVEL", "info"),
                Map.entry("MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("SHUTDOWN_GRACE_SECONDS", Long.toString(GRACE.toSeconds())),
                Map.entry("DATABASE_URL", postgres.url()),
                Map.entry("REDIS_URL", redis.url()),
                Map.entry(
                        "CLUSTER_NAME",
                        "waxwatch-faults-" + ProcessHandle.current().pid()),
                Map.entry("CLUSTER_HOST", "127.0.0.1"),
                Map.entry("EVENT_BUS_PORT", "0"),
                Map.entry("GATEWAY_HOST", "127.0.0.1"),
                Map.entry("AUTH_ISSUER", identity.issuer()),
                Map.entry("AUTH_JWKS_URL", identity.jwksUrl()),
                Map.entry("AUTH_AUDIENCE", DevIdentityProvider.AUDIENCE),
                // The throttle is at work, through Redis, but never in the way.
                Map.entry("RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM", "100000"),
                Map.entry("RATE_LIMIT_WATCH_RULES_RPM", "100000"),
                Map.entry("RATE_LIMIT_STREAM_EVENTS_RPM", "100000"),
                Map.entry("STREAM_HEARTBEAT_SECONDS", "2"),
                Map.entry("SCHEDULER_POLL_INTERVAL_SECONDS", "1"),
                Map.entry("SCHEDULER_LEASE_SECONDS", Long.toString(LEASE.toSeconds())),
                Map.entry("SCHEDULER_NEXT_RUN_JITTER_SECONDS", "0"),
                Map.entry("SCHEDULER_FAILURE_RETRY_JITTER_SECONDS", "0"),
                Map.entry("EBAY_BASE_URL", sandboxUrl),
                Map.entry("EBAY_CLIENT_ID", market.ebayClientId()),
                Map.entry("EBAY_CLIENT_SECRET", market.ebayClientSecret()),
                Map.entry("EBAY_SWEEP_INTERVAL_SECONDS", "1"),
                Map.entry("EBAY_CALLS_PER_DAY", "1000000"),
                Map.entry("EBAY_TIMEOUT_SECONDS", "2"),
                Map.entry("EBAY_MAX_ATTEMPTS", "2"),
                Map.entry("EBAY_RETRY_BASE_DELAY_MS", "20"),
                Map.entry("EBAY_RETRY_MAX_DELAY_MS", "50"),
                Map.entry("NOTIFICATION_EMAIL_PROVIDER", "smtp"),
                Map.entry("NOTIFICATION_SWEEP_INTERVAL_MS", "500"),
                Map.entry("NOTIFICATION_RETRY_BACKOFF_SECONDS", "1"),
                Map.entry("SMTP_HOST", "127.0.0.1"),
                Map.entry("SMTP_PORT", Integer.toString(mail.smtpPort())),
                Map.entry("SMTP_STARTTLS", "false"));
    }

    private void makeRule() {
        var rule = new JsonObject()
                .put("name", "Faults")
                .put(
                        "query",
                        new JsonObject()
                                .put("keywords", new JsonArray().add(MARK))
                                .put("sources", new JsonArray().add("ebay")))
                // Her own poll runs once; from then on only the sweep finds anything.
                .put("poll_interval_seconds", 3600);
        Await.until(
                "the rule is made",
                CALM,
                this::evidence,
                () -> send("POST", service("gateway-1").url() + "/api/watch-rules", rule)
                                .statusCode()
                        < 300);
    }

    private void control(String method, String path, JsonObject body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, sandboxUrl + path, body);
        if (answer.statusCode() >= 300) {
            throw new AssertionError(method + " " + path + " answered " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return send("GET", url, null);
    }

    private HttpResponse<String> send(String method, String url, JsonObject body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(CALL_LIMIT)
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A free port that was not given out before, though nobody listens on it yet. */
    private int port() {
        int port = Ports.free();
        while (!portsInUse.add(port)) {
            port = Ports.free();
        }
        return port;
    }

    /** Ends everything, whatever its state. */
    @Override
    public void close() throws TimeoutException {
        services.values().stream().filter(ServiceProcess::isAlive).forEach(ServiceProcess::kill);
        try {
            Future.join(sandbox.close(), identity.close(), mail.close())
                    .otherwiseEmpty()
                    .compose(closed -> vertx.close())
                    .await(10, TimeUnit.SECONDS);
        } finally {
            redis.close();
            postgres.close();
        }
    }
}
