package io.waxwatch.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.StreamsGrown;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.RawHttp;
import io.waxwatch.gateway.testing.SseClient;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StreamTest {

    private static final EventStore EVENTS = new EventStore(new NotificationStore());

    private static DatabaseAddress address;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        address = TestDatabase.fresh();
        gateway = TestGateway.on(address, Map.of("STREAM_HEARTBEAT_SECONDS", "1", "STREAM_MAX_PER_USER", "3"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static User somebody() {
        User user = gateway.user();
        user.get("/api/events");
        return user;
    }

    private static SseClient open(TestGateway at, User user, Long lastEventId) {
        return SseClient.open(gateway.node().vertx(), at.port(), user.token, lastEventId);
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static NewEvent match(User user) {
        return new NewEvent(user.id, EventType.NEW_MATCH, null, null, null, new JsonObject());
    }

    private static void news(User user, long streamId) {
        gateway.node().bus().publish(Topics.NOTIFICATION_REALTIME, new StreamsGrown(Map.of(user.id, streamId)));
    }

    @Test
    void shows_an_alert_with_all_that_a_collector_wants_to_know() {
        User ann = somebody();
        try (var stream = open(gateway, ann, null)) {
            stream.awaitConnected();
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
            assertThat(stream.header("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
            assertThat(Integer.parseInt(stream.retry())).isBetween(500, 3000);

            gateway.event(
                    ann.id,
                    new JsonObject()
                            .put("rule_name", "Krautrock")
                            .put("listing_title", "Neu! \u2013 Neu! \"75\nLP")
                            .put("price", 42.5)
                            .put("currency", "EUR")
                            .put("condition", "VG+")
                            .put("seller", "hansa")
                            .put("provider", "ebay")
                            .put("url", "/api/outbound/ebay/7")
                            .put("listing_url", "https://www.ebay.com/itm/7")
                            .put("why", new JsonArray().add("neu: in the title")));
            news(ann, 1);
            stream.awaitIds(1, 1000);
            var event = stream.events().get(0);
            assertThat(event.name()).isEqualTo("notification");
            assertThat(event.id()).isEqualTo(1);
            JsonObject data = event.data();
            assertThat(data.getString("event_type")).isEqualTo("NEW_MATCH");
            assertThat(data.getString("created_at")).endsWith("Z");
            assertThat(data.getString("title")).isEqualTo("Neu! \u2013 Neu! \"75\nLP");
            assertThat(data.getDouble("price")).isEqualTo(42.5);
            assertThat(data.getJsonArray("why")).hasSize(1);
            assertThat(data.getMap().keySet())
                    .contains(
                            "notification_id",
                            "event_id",
                            "currency",
                            "condition",
                            "seller",
                            "url",
                            "rule_name",
                            "provider");
            String id = data.getString("notification_id");
            assertThat(ann.get("/api/notifications").list().toString()).contains(id);
        }
    }

    @Test
    void replays_after_the_last_id_in_order_and_page_by_page() {
        User ann = somebody();
        TestNode.await(gateway.database().transaction(connection -> {
            List<NewEvent> many = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                many.add(match(ann));
            }
            return EVENTS.append(connection, many);
        }));
        try (var all = open(gateway, ann, 0L);
                var some = open(gateway, ann, 248L);
                var present = open(gateway, ann, null)) {
            all.awaitIds(250, 30_000);
            assertThat(all.ids()).isEqualTo(upTo(250));
            some.awaitIds(2, 30_000);
            assertThat(some.ids()).containsExactly(249L, 250L);
            present.awaitConnected();
            // Opened only now: a fourth stream of three allowed ends the oldest, and an ended one replays no further.
            try (var ahead = open(gateway, ann, 9999L)) {
                TestNode.eventually("the oldest gave way", 30_000, all::ended);
                gateway.event(ann.id, new JsonObject());
                present.awaitIds(1, 30_000);
                assertThat(present.ids()).containsExactly(251L);
                ahead.awaitIds(1, 30_000);
                assertThat(ahead.ids()).containsExactly(251L);
            }
        }
    }

    @Test
    void news_of_many_streams_brings_each_its_own_and_all_of_it() {
        List<User> users = IntStream.range(0, 140).mapToObj(i -> somebody()).toList();
        List<SseClient> streams =
                users.stream().map(user -> open(gateway, user, null)).toList();
        streams.forEach(SseClient::awaitConnected);
        List<NewEvent> many = new ArrayList<>();
        Map<UUID, Long> grownTo = new HashMap<>();
        for (int i = 0; i < users.size(); i++) {
            long alerts = i == 0 ? 300 : 1 + i % 3;
            grownTo.put(users.get(i).id, alerts);
            var payload = new JsonObject().put("listing_title", "for " + i);
            for (int alert = 0; alert < alerts; alert++) {
                many.add(new NewEvent(users.get(i).id, EventType.NEW_MATCH, null, null, null, payload));
            }
        }
        TestNode.await(gateway.database().transaction(connection -> EVENTS.append(connection, many)));

        gateway.node().bus().publish(Topics.NOTIFICATION_REALTIME, new StreamsGrown(grownTo));

        for (int i = 0; i < users.size(); i++) {
            long alerts = grownTo.get(users.get(i).id);
            SseClient stream = streams.get(i);
            stream.awaitIds((int) alerts, 30_000);
            assertThat(stream.ids()).isEqualTo(upTo(alerts));
            assertThat(stream.events())
                    .extracting(event -> event.data().getString("title"))
                    .containsOnly("for " + i);
        }
        streams.forEach(SseClient::close);
    }

    @Test
    void a_lost_word_on_the_bus_loses_no_alert() {
        User ann = somebody();
        try (var stream = open(gateway, ann, null)) {
            stream.awaitConnected();
            gateway.event(ann.id, new JsonObject());
            stream.awaitIds(1, 30_000);
            assertThat(stream.ids()).containsExactly(1L);
        }
    }

    @Test
    void repeated_and_late_words_on_the_bus_repeat_no_alert() {
        User ann = somebody();
        try (var stream = open(gateway, ann, null)) {
            stream.awaitConnected();
            for (int i = 1; i <= 20; i++) {
                gateway.event(ann.id, new JsonObject());
                news(ann, i);
                news(ann, Math.max(1, i - 3));
                news(ann, i);
            }
            stream.awaitIds(20, 30_000);
            TestNode.eventually(
                    "a heartbeat later", 30_000, () -> stream.comments().contains("ping"));
            assertThat(stream.ids()).isEqualTo(upTo(20));
        }
    }

    /** Some readers take a comment or a hint with a blank line behind it for an empty event. */
    @Test
    void no_blank_line_is_sent_but_the_one_that_ends_an_event() {
        User ann = somebody();
        var second = TestGateway.beside(gateway, address, Map.of("STREAM_HEARTBEAT_SECONDS", "1"));
        try (var stream = open(second, ann, null)) {
            stream.awaitConnected();
            TestNode.eventually(
                    "two heartbeats",
                    30_000,
                    () -> stream.comments().stream().filter("ping"::equals).count() == 2);
            assertThat(stream.retry()).as("sent with the first comment").isNotNull();
            gateway.event(ann.id, new JsonObject());
            stream.awaitIds(1, 30_000);
            second.close();
            TestNode.eventually("ended", 30_000, stream::ended);
            assertThat(stream.ids()).containsExactly(1L);
            assertThat(stream.comments()).contains("connected", "the server is stopping");
            assertThat(stream.emptyBlocks()).isZero();
        }
    }

    @Test
    void two_writers_with_delayed_commits_make_no_reader_skip() {
        User ann = somebody();
        try (var second = TestGateway.beside(gateway, address, Map.of());
                var here = open(gateway, ann, null);
                var there = open(second, ann, null)) {
            here.awaitConnected();
            there.awaitConnected();
            for (int round = 0; round < 10; round++) {
                Promise<Void> hold = Promise.promise();
                Promise<Void> appended = Promise.promise();
                Future<?> slow = write(gateway, ann, appended, hold.future());
                TestNode.await(appended.future());
                Promise<Void> ignored = Promise.promise();
                Future<?> quick = write(second, ann, ignored, Future.succeededFuture());
                // What is announced too early is not there yet, and must not be passed over.
                news(ann, 2L * round + 2);
                gateway.node().vertx().setTimer(round % 3 * 20 + 1, late -> hold.complete());
                TestNode.await(Future.all(slow, quick));
                news(ann, 2L * round + 2);
            }
            here.awaitIds(20, 30_000);
            there.awaitIds(20, 30_000);
            assertThat(here.ids()).isEqualTo(upTo(20));
            assertThat(there.ids()).isEqualTo(upTo(20));
        }
    }

    private static Future<?> write(TestGateway at, User user, Promise<Void> appended, Future<Void> commit) {
        return at.database()
                .transaction((SqlConnection connection) -> EVENTS.append(connection, List.of(match(user)))
                        .onSuccess(ids -> appended.tryComplete())
                        .compose(ids -> commit));
    }

    @Test
    void a_reader_that_changes_gateways_misses_nothing() {
        User ann = somebody();
        try (var second = TestGateway.beside(gateway, address, Map.of())) {
            long last;
            try (var stream = open(gateway, ann, null)) {
                stream.awaitConnected();
                gateway.event(ann.id, new JsonObject());
                stream.awaitIds(1, 30_000);
                last = stream.ids().get(0);
            }
            gateway.event(ann.id, new JsonObject());
            gateway.event(ann.id, new JsonObject());
            try (var stream = open(second, ann, last)) {
                stream.awaitIds(2, 30_000);
                assertThat(stream.ids()).containsExactly(2L, 3L);
            }
        }
    }

    @Test
    void ends_when_the_token_does_and_when_the_account_is_closed() {
        User ann = somebody();
        // The leeway lets an expired token in; its stream ends at once.
        String token = TestIssuer.sign(gateway.issuer()
                .claims(ann.id)
                .expirationTime(TestIssuer.in(Duration.ofSeconds(2)))
                .build());
        User bob = somebody();
        try (var expiring = SseClient.open(gateway.node().vertx(), gateway.port(), token, null);
                var closing = open(gateway, bob, null)) {
            expiring.awaitConnected();
            closing.awaitConnected();
            gateway.sql("UPDATE users SET is_active = false WHERE id = $1", bob.id);
            TestNode.eventually("ended at expiry", 30_000, expiring::ended);
            TestNode.eventually("ended with the account", 30_000, closing::ended);
            assertThat(expiring.comments()).contains("the token has expired");
        }
    }

    @Test
    void a_reader_that_does_not_read_is_cut_and_resumes() {
        User ann = somebody();
        try (var stream = open(gateway, ann, null)) {
            stream.awaitConnected();
            stream.pause();
            // 40 MB: more than the sockets of both sides take.
            TestNode.await(gateway.database()
                    .transaction(connection -> connection
                            .preparedQuery("""
                            INSERT INTO events (id, user_id, type, payload, created_at)
                            SELECT gen_random_uuid(), $1, 'NEW_MATCH',
                                   jsonb_build_object('listing_title', repeat('x', 40000)), now()
                            FROM generate_series(1, 1000)
                            RETURNING id
                            """)
                            .execute(Tuple.of(ann.id))
                            .compose(rows -> {
                                List<UUID> ids = new ArrayList<>();
                                rows.forEach(row -> ids.add(row.getUUID(0)));
                                return new NotificationStore().create(connection, ids);
                            })));
            news(ann, 1000);
            TestNode.eventually("cut", 15_000, () -> openStreams() == 0);
        }
        try (var stream = open(gateway, ann, 990L)) {
            stream.awaitIds(10, 30_000);
        }
    }

    @Test
    void a_client_that_leaves_before_it_is_admitted_leaves_no_stream_behind() throws IOException {
        User ann = gateway.user();
        TestNode.eventually("the streams of others have ended", 30_000, () -> openStreams() == 0);
        long counted = countedStreams();
        Promise<Void> release = Promise.promise();
        Future<?> lock = locked("users", release.future());
        var socket = asking(ann);
        TestNode.eventually("asked for her account", 30_000, () -> waitsFor("users"));
        socket.close();
        TestNode.eventually("the gateway has noticed", 30_000, () -> countedStreams() > counted);
        release.complete();
        TestNode.await(lock);
        try (var stream = open(gateway, ann, null)) {
            stream.awaitConnected();
            TestNode.eventually("only the living one is open", 30_000, () -> openStreams() == 1);
        }
    }

    @Test
    void a_stream_that_must_end_before_it_has_begun_ends_as_one_so_that_its_client_comes_back() throws IOException {
        User ann = somebody();
        TestNode.eventually("the streams of others have ended", 30_000, () -> openStreams() == 0);
        Promise<Void> release = Promise.promise();
        Future<?> lock = locked("user_streams", release.future());
        try (var oldest = asking(ann)) {
            TestNode.eventually("the first waits to begin", 30_000, () -> openStreams() == 1);
            try (var second = asking(ann);
                    var third = asking(ann);
                    var fourth = asking(ann)) {
                String answer = RawHttp.readAll(oldest);
                assertThat(answer)
                        .startsWith("HTTP/1.1 200 ")
                        .contains("content-type: text/event-stream; charset=utf-8")
                        .contains(": too many streams of this user\nretry: ");
                assertThat(List.of(second, third, fourth))
                        .allSatisfy(younger ->
                                assertThat(younger.getInputStream().available()).isZero());
            }
        } finally {
            release.complete();
            TestNode.await(lock);
        }
    }

    private static Socket asking(User user) throws IOException {
        Socket socket = RawHttp.connect(gateway);
        RawHttp.write(
                socket,
                "GET /api/stream/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer " + user.token
                        + "\r\n\r\n");
        return socket;
    }

    /** Keeps everybody from a table until released; returns when it does. */
    private static Future<?> locked(String table, Future<Void> release) {
        Promise<Void> held = Promise.promise();
        Future<?> lock = gateway.database()
                .transaction(connection -> connection
                        .query("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE")
                        .execute()
                        .onSuccess(done -> held.complete())
                        .compose(done -> release));
        TestNode.await(held.future());
        return lock;
    }

    private static boolean waitsFor(String table) {
        return gateway.count("SELECT count(*) FROM pg_locks WHERE relation = $1::text::regclass AND NOT granted", table)
                > 0;
    }

    private static long openStreams() {
        return metric("waxwatch_event_streams\\{[^}]*} ([0-9]+)");
    }

    private static long countedStreams() {
        return metric("waxwatch_request_latency_seconds_count\\{[^}]*path=\"/api/stream/events\"[^}]*} ([0-9]+)");
    }

    /** The sum over all labels. */
    private static long metric(String line) {
        String metrics = gateway.anonymous(HttpMethod.GET, "/metrics").http().bodyAsString();
        return Pattern.compile(line)
                .matcher(metrics)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    @Test
    void a_stopping_gateway_tells_its_readers_when_to_come_back() {
        User ann = somebody();
        var second = TestGateway.beside(gateway, address, Map.of());
        try (var stream = open(second, ann, null)) {
            stream.awaitConnected();
            second.close();
            TestNode.eventually("ended", 30_000, stream::ended);
            assertThat(stream.comments()).contains("the server is stopping");
        }
    }

    @Test
    void a_reader_that_was_away_for_longer_than_alerts_are_kept_is_told_so() {
        User ann = somebody();
        for (int i = 0; i < 5; i++) {
            gateway.event(ann.id, new JsonObject());
        }
        gateway.sql("DELETE FROM notifications WHERE user_id = $1 AND stream_id <= 3", ann.id);
        try (var late = open(gateway, ann, 1L);
                var justInTime = open(gateway, ann, 3L)) {
            late.awaitIds(3, 10_000);
            assertThat(late.ids()).containsExactly(3L, 4L, 5L);
            assertThat(late.events()).extracting(SseClient.Event::name).startsWith("reset", "notification");
            assertThat(late.events().get(0).data().getLong("oldest_id")).isEqualTo(4);
            justInTime.awaitIds(2, 10_000);
            assertThat(justInTime.ids()).containsExactly(4L, 5L);
        }
        gateway.sql("DELETE FROM notifications WHERE user_id = $1", ann.id);
        try (var all = open(gateway, ann, 0L);
                var late = open(gateway, ann, 2L)) {
            late.awaitIds(1, 10_000);
            assertThat(late.events().get(0).name()).isEqualTo("reset");
            gateway.event(ann.id, new JsonObject());
            late.awaitIds(2, 10_000);
            assertThat(late.ids()).containsExactly(5L, 6L);
            all.awaitIds(1, 10_000);
            assertThat(all.ids()).containsExactly(6L);
        }
    }

    @Test
    void a_reader_that_claims_to_have_seen_the_largest_of_all_ids_has_missed_nothing() {
        User ann = somebody();
        for (int i = 0; i < 3; i++) {
            gateway.event(ann.id, new JsonObject());
        }
        try (var stream = open(gateway, ann, Long.MAX_VALUE)) {
            gateway.event(ann.id, new JsonObject());
            stream.awaitIds(1, 10_000);
            assertThat(stream.ids()).containsExactly(4L);
            assertThat(stream.events()).extracting(SseClient.Event::name).containsExactly("notification");
        }
    }

    @Test
    void only_what_lies_between_the_last_seen_and_the_oldest_stored_is_a_gap() {
        var extent = new StreamStore.Extent(9, 4);

        assertThat(LongStream.of(1, 2).allMatch(extent::hasGapAfter)).isTrue();
        assertThat(LongStream.of(0, 3, 4, 9, 10, Long.MAX_VALUE - 1, Long.MAX_VALUE)
                        .noneMatch(extent::hasGapAfter))
                .isTrue();
    }

    @Test
    void refuses_a_start_that_is_no_id() {
        User ann = somebody();
        assertThat(ann.get("/api/stream/events?after=x").status()).isEqualTo(422);
        assertThat(gateway.bearer(null).get("/api/stream/events").status()).isEqualTo(401);
    }
}
