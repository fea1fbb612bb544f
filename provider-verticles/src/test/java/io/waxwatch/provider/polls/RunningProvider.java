package io.waxwatch.provider.polls;

import static io.waxwatch.common.testing.TestNode.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.PollAnswered;
import io.waxwatch.common.bus.BusMessage.PollDue;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.polls.ClaimedPoll;
import io.waxwatch.common.polls.PollKind;
import io.waxwatch.common.polls.PollLane;
import io.waxwatch.common.polls.PollPlanner;
import io.waxwatch.common.polls.PollSchedule;
import io.waxwatch.common.polls.PollStore;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.common.watches.BackfillQueue;
import io.waxwatch.common.watches.WatchKind;
import io.waxwatch.common.watches.WatchRevisions;
import io.waxwatch.provider.Providers;
import io.waxwatch.sandbox.MarketplaceSandbox;
import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.sandbox.notification.SignedNotifications.Signed;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The provider as it runs, on a database of its own, against a sandbox in which nothing happens by itself. */
public final class RunningProvider implements AutoCloseable {

    public static final Duration LEASE = Duration.ofSeconds(60);

    public final TestNode node;
    public final PollPlanner planner;
    public final PollSchedule schedule;
    private final Vertx sandboxVertx;
    private final MarketplaceSandbox sandbox;
    private final WebClient control;
    private final Readiness readiness;

    private RunningProvider(TestNode node, Vertx sandboxVertx, MarketplaceSandbox sandbox, int port) {
        this.node = node;
        this.sandboxVertx = sandboxVertx;
        this.sandbox = sandbox;
        this.planner = PollPlanner.from(node.node().settings());
        this.schedule = new PollSchedule(node.database());
        this.readiness = new Readiness(node.node().vertx());
        this.control = WebClient.create(
                node.node().vertx(),
                new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
    }

    /** With an empty eBay, and one attempt a call so that a fault is over quickly. */
    public static RunningProvider start(Map<String, String> more) {
        return start(0, more);
    }

    public static RunningProvider start(int initialListings, Map<String, String> more) {
        var running = prepare(initialListings, more);
        running.deploy();
        return running;
    }

    /** Everything but the provider itself, for a test that has something to put there before. */
    public static RunningProvider prepare(int initialListings, Map<String, String> more) {
        var vertx = Vertx.vertx();
        var sandbox = new MarketplaceSandbox(vertx, SandboxOptions.defaults().withInitialListings(initialListings));
        int port = await(sandbox.start(0));
        var settings = new HashMap<String, String>();
        settings.put("EBAY_BASE_URL", "http://127.0.0.1:" + port);
        settings.put("EBAY_CLIENT_ID", "sandbox-client");
        settings.put("EBAY_CLIENT_SECRET", "sandbox-secret");
        settings.put("EBAY_MAX_ATTEMPTS", "1");
        settings.put("EBAY_TIMEOUT_SECONDS", "1");
        settings.put("DISCOGS_BASE_URL", "http://127.0.0.1:" + port);
        settings.put("DISCOGS_USER_AGENT", "WaxWatchTest/1.0");
        settings.put("DISCOGS_TOKEN", "sandbox-token");
        settings.put("DISCOGS_OAUTH_CLIENT_ID", "sandbox-consumer");
        settings.put("DISCOGS_OAUTH_CLIENT_SECRET", "sandbox-consumer-secret");
        settings.put("DISCOGS_RETRY_BASE_DELAY_MS", "5");
        settings.put("DISCOGS_RETRY_MAX_DELAY_MS", "20");
        settings.put("DISCOGS_MAX_ATTEMPTS", "1");
        settings.put("DISCOGS_TIMEOUT_SECONDS", "1");
        settings.put("SCHEDULER_NEXT_RUN_JITTER_SECONDS", "0");
        settings.put("SCHEDULER_FAILURE_RETRY_JITTER_SECONDS", "0");
        // Without Redis a process counts for itself, and waits for its turn; here it hardly ever has to.
        settings.put("REDIS_URL", "");
        settings.put("EBAY_CALLS_PER_DAY", "100000000");
        settings.put("DISCOGS_CALLS_PER_MINUTE", "1000000");
        settings.putAll(more);
        TestNode node = TestNode.start(Role.PROVIDER, settings);
        return new RunningProvider(node, vertx, sandbox, port);
    }

    public void deploy() {
        await(Providers.service(node.node(), node.database(), readiness));
    }

    /** What {@code /readyz} would say of a part. */
    public String ready(String part) {
        return await(readiness.report()).checks().getJsonObject(part).getString("status");
    }

    /** A further provider process on the same database and sandbox, not yet deployed. */
    public Another another() {
        return another(Map.of());
    }

    public Another another(Map<String, String> changed) {
        return new Another(await(Node.alone("another", node.node().settings().with(Role.PROVIDER, changed))));
    }

    /** Closed, it drains as after a SIGTERM. */
    public record Another(Node node) implements AutoCloseable {

        public void deploy() {
            await(Providers.deploy(node, node.openDatabase()));
        }

        @Override
        public void close() {
            await(node.close());
        }
    }

    public MarketplaceSandbox sandbox() {
        return sandbox;
    }

    /** Writes a rule as the gateway does: with its polls, its backfill and its revision. */
    public UUID rule(UUID user, String name, JsonObject query) {
        UUID id = UUID.randomUUID();
        await(node.database()
                .transaction(connection -> connection
                        .preparedQuery("""
                        INSERT INTO watch_search_rules (id, user_id, name, query, is_active, poll_interval_seconds,
                                                        created_at, updated_at)
                        VALUES ($1, $2, $3, $4, true, 600, now(), now())
                        """)
                        .execute(Tuple.of(id, user, name, query))
                        .compose(inserted -> new PollStore()
                                .serveRule(connection, id, planner.forRule(RuleQuery.fromStored(plain(query)), 600)))
                        .compose(served -> new BackfillQueue().request(connection, WatchKind.RULE, id))
                        .compose(asked -> new WatchRevisions().record(connection, WatchKind.RULE, List.of(id)))));
        return id;
    }

    /** As it comes out of the database: lists and maps, no JSON wrappers. */
    private static Map<String, Object> plain(JsonObject query) {
        return new JsonObject(query.encode()).getMap();
    }

    /** Writes a watch of one exact release as the gateway does. */
    public UUID release(UUID user, long releaseId, String title, String target) {
        UUID id = UUID.randomUUID();
        await(node.database()
                .transaction(connection -> connection
                        .preparedQuery("""
                        INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, target_price,
                            currency, is_active, imported_from_wantlist, imported_from_collection, created_at, updated_at)
                        VALUES ($1, $2, $3, 'exact_release', $4, $5, 'USD', true, false, false, now(), now())
                        """)
                        .execute(Tuple.of(
                                id, user, releaseId, title, target == null ? null : new java.math.BigDecimal(target)))
                        .compose(inserted -> new PollStore()
                                .serveRelease(connection, id, List.of(planner.forRelease(releaseId, "USD"))))
                        .compose(served -> new BackfillQueue().request(connection, WatchKind.RELEASE, id))
                        .compose(asked -> new WatchRevisions().record(connection, WatchKind.RELEASE, List.of(id)))));
        return id;
    }

    /** Lets the sandbox serve a key of eBay's notifications that was made elsewhere. */
    public void notificationKey(String id, String key) {
        await(control.put("/control/notification-keys/" + id).sendJsonObject(new JsonObject().put("key", key)));
    }

    /** eBay's word that an account is closed, signed with the sandbox's own key. */
    public Signed closedAccount(String username, String userId) {
        JsonObject signed = await(control.post("/control/account-deletions")
                        .sendJsonObject(
                                new JsonObject().put("username", username).put("userId", userId)))
                .bodyAsJsonObject();
        return new Signed(signed.getString("body"), signed.getString("header"));
    }

    /** Makes every poll due and claims those of a provider. */
    public List<ClaimedPoll> claimAll(Provider provider) {
        await(node.database().query("UPDATE poll_schedule SET next_due = now(), leased = false", Tuple.tuple()));
        List<ClaimedPoll> claimed = new java.util.ArrayList<>();
        for (PollLane lane : PollLane.values()) {
            claimed.addAll(await(schedule.claim(provider, lane, 100, LEASE, 0)));
        }
        return claimed;
    }

    /** The same, of one kind. */
    public ClaimedPoll claim(Provider provider, PollKind kind) {
        return claimAll(provider).stream()
                .filter(poll -> poll.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    /** Sends a claim over the bus, as the scheduler does, and waits for the answer. */
    public String ask(ClaimedPoll claimed) {
        return await(asked(claimed)).outcome();
    }

    public Future<PollAnswered> asked(ClaimedPoll claimed) {
        String provider = claimed.provider().wireName();
        return node.node()
                .bus()
                .ask(
                        Topics.pollDue(provider, LEASE),
                        new PollDue(
                                claimed.pollId(),
                                provider,
                                claimed.kind().wireName(),
                                claimed.key(),
                                claimed.intervalSeconds(),
                                claimed.fence(),
                                "test-run"));
    }

    public String sweep() {
        return ask(claim(Provider.EBAY, PollKind.SWEEP));
    }

    public String query() {
        return ask(claim(Provider.EBAY, PollKind.QUERY));
    }

    public String floor() {
        return ask(claim(Provider.DISCOGS, PollKind.RELEASE));
    }

    /** Lists on eBay what the words of {@code POST /control/listings} say. */
    public String list(JsonObject draft) {
        return control(HttpMethod.POST, "/listings", draft).getString("itemId");
    }

    public String list(String title, String price) {
        return list(new JsonObject().put("title", title).put("price", price));
    }

    public void list(int many, String title) {
        for (int i = 0; i < many; i++) {
            list(title + " " + i, "20.00");
        }
    }

    public void reprice(String itemId, String price) {
        control(
                HttpMethod.PATCH,
                "/listings/" + URLEncoder.encode(itemId, StandardCharsets.UTF_8),
                new JsonObject().put("price", price));
    }

    public void setFloor(long releaseId, int forSale, String price) {
        var floor = new JsonObject().put("numForSale", forSale);
        control(HttpMethod.PUT, "/floors/" + releaseId, price == null ? floor : floor.put("lowestPrice", price));
    }

    public void fault(JsonObject fault) {
        control(HttpMethod.PUT, "/fault", fault);
    }

    public void noFault() {
        fault(new JsonObject().put("mode", "none"));
    }

    /** Agrees on the page of Discogs, as the collector does in a browser; answers where the browser is sent. */
    public String agree(String authorizeUrl) {
        String token = authorizeUrl.substring(authorizeUrl.indexOf("oauth_token=") + "oauth_token=".length());
        var response = await(control.post("/oauth/authorize")
                .putHeader("content-type", "application/x-www-form-urlencoded")
                .followRedirects(false)
                .sendBuffer(Buffer.buffer("oauth_token=" + token)));
        return response.getHeader("location");
    }

    public void revokeTokens() {
        control(HttpMethod.DELETE, "/tokens", null);
    }

    public void forgetRequests() {
        control(HttpMethod.DELETE, "/requests", null);
    }

    /** How many searches the sandbox has been asked for since {@link #forgetRequests}. */
    public int searches() {
        return control(HttpMethod.GET, "/requests", null)
                .getJsonObject("routes")
                .getInteger("GET /buy/browse/v1/item_summary/search", 0);
    }

    public JsonArray requests() {
        return control(HttpMethod.GET, "/requests", null).getJsonArray("recent");
    }

    private JsonObject control(HttpMethod method, String path, JsonObject body) {
        var request = control.request(method, "/control" + path);
        var response = await(body == null ? request.send() : request.sendBuffer(Buffer.buffer(body.encode())));
        if (response.statusCode() >= 300) {
            throw new AssertionError(response.statusCode() + " " + response.bodyAsString());
        }
        return response.statusCode() == 204 ? new JsonObject() : response.bodyAsJsonObject();
    }

    public long count(String sql, Object... parameters) {
        return node.count(sql, parameters);
    }

    public Row row(String sql, Object... parameters) {
        return await(node.database().query(sql, Tuple.from(parameters)))
                .iterator()
                .next();
    }

    public void execute(String sql, Object... parameters) {
        await(node.database().query(sql, Tuple.from(parameters)));
    }

    /** Waits until every backfill that was asked for is done. */
    public void firstLooksDone() {
        TestNode.eventually("backfills done", 30_000, () -> count("SELECT count(*) FROM first_looks") == 0);
    }

    @Override
    public void close() {
        control.close();
        node.close();
        await(sandbox.close());
        await(sandboxVertx.close());
    }
}
