package io.waxwatch.common.outbox;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class OutboxTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final NotificationStore notifications = new NotificationStore();
    private final EventStore events = new EventStore(notifications);
    private TestNode node;
    private UUID user;
    private UUID rule;

    @BeforeEach
    void open() {
        node = TestNode.start(Role.NOTIFIER);
        user = node.user("collector@example.com");
        rule = node.rule(user, "rule", new JsonObject());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private NewEvent match(UUID owner) {
        return new NewEvent(
                owner,
                EventType.NEW_MATCH,
                null,
                null,
                null,
                new JsonObject().put("listing_title", "Blue \"Harbour\""));
    }

    private Future<List<UUID>> append(List<NewEvent> news, Future<Void> commitWhen) {
        return node.database()
                .transaction(connection -> events.append(connection, news).compose(ids -> commitWhen.map(ids)));
    }

    private List<Long> visibleStreamIds() {
        var ids = new ArrayList<Long>();
        await(node.database()
                        .query(
                                "SELECT stream_id FROM notifications WHERE user_id = $1 AND channel = 'realtime'"
                                        + " ORDER BY stream_id",
                                Tuple.of(user)))
                .forEach(row -> ids.add(row.getLong(0)));
        return ids;
    }

    @Test
    void each_event_gets_a_mail_and_a_stream_entry_and_both_wait_in_the_outbox() {
        await(append(
                List.of(match(user), NewEvent.ofRule(user, EventType.RULE_CREATED, rule)), Future.succeededFuture()));

        assertThat(node.count("SELECT count(*) FROM notifications")).isEqualTo(4);
        assertThat(node.count("SELECT count(*) FROM notification_deliveries")).isEqualTo(4);
        assertThat(visibleStreamIds()).containsExactly(1L, 2L);
        List<ClaimedDelivery> mails = await(notifications.claim(node.database(), NotificationChannel.EMAIL, 10, LEASE));
        assertThat(mails).hasSize(2).first().satisfies(mail -> {
            assertThat(mail.email()).isEqualTo("collector@example.com");
            assertThat(mail.payload().getString("listing_title")).isEqualTo("Blue \"Harbour\"");
            assertThat(mail.streamId()).isNull();
        });
    }

    @Test
    void adopted_junk_in_a_toggle_or_a_payload_stops_nobodys_alerts() {
        await(node.database().query("""
                        INSERT INTO user_notification_preferences (id, user_id, email_enabled, realtime_enabled,
                            delivery_frequency, event_toggles, created_at, updated_at)
                        VALUES (gen_random_uuid(), $1, true, true, 'instant', '{"NEW_MATCH": "maybe", "RULE_CREATED": null}',
                            now(), now())
                        """, Tuple.of(user)));
        UUID other = node.user("other@example.com");

        await(append(
                List.of(match(user), NewEvent.ofRule(user, EventType.RULE_CREATED, rule), match(other)),
                Future.succeededFuture()));
        assertThat(node.count("SELECT count(*) FROM notifications")).isEqualTo(6);

        await(node.database().query("UPDATE events SET payload = '\"a text\"' WHERE user_id = $1", Tuple.of(user)));
        assertThat(await(notifications.claim(node.database(), NotificationChannel.EMAIL, 10, LEASE)))
                .hasSize(3)
                .filteredOn(mail -> mail.payload() == null)
                .hasSize(2);
    }

    @Test
    void what_the_collector_switched_off_is_not_created() {
        await(node.database().query("""
                        INSERT INTO user_notification_preferences (id, user_id, email_enabled, realtime_enabled,
                            delivery_frequency, event_toggles, created_at, updated_at)
                        VALUES (gen_random_uuid(), $1, false, true, 'instant', '{"RULE_CREATED": false}', now(), now())
                        """, Tuple.of(user)));

        await(append(
                List.of(match(user), NewEvent.ofRule(user, EventType.RULE_CREATED, rule)), Future.succeededFuture()));

        assertThat(node.count("SELECT count(*) FROM notifications WHERE channel = 'realtime'"))
                .isEqualTo(1);
        assertThat(node.count("SELECT count(*) FROM notifications")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"text\"",
                "7",
                "true",
                "[]",
                "[1, null]",
                "{}",
                "{\"NEW_MATCH\": null}",
                "{\"NEW_MATCH\": \"banana\"}",
                "{\"NEW_MATCH\": [false]}",
                "{\"NEW_MATCH\": \"false\"}"
            })
    void whatever_an_adopted_row_holds_nobodys_news_is_held_up(String json) {
        await(node.database().query("""
                        INSERT INTO user_notification_preferences (id, user_id, email_enabled, realtime_enabled,
                            delivery_frequency, event_toggles, created_at, updated_at)
                        VALUES (gen_random_uuid(), $1, true, true, 'instant', $2::text::jsonb, now(), now())
                        """, Tuple.of(user, json)));
        UUID other = node.user("other@example.com");

        await(append(List.of(match(user), match(other)), Future.succeededFuture()));
        await(node.database()
                .query("UPDATE events SET payload = $2::text::jsonb WHERE user_id = $1", Tuple.of(user, json)));

        List<ClaimedDelivery> mails = await(notifications.claim(node.database(), NotificationChannel.EMAIL, 10, LEASE));
        assertThat(mails).extracting(ClaimedDelivery::userId).containsExactlyInAnyOrder(user, other);
    }

    @Test
    void what_is_pending_outside_the_outbox_is_taken_in_or_settled_as_seen() {
        await(append(List.of(match(user), match(user), match(user)), Future.succeededFuture()));
        await(node.database().query("DELETE FROM notification_deliveries", Tuple.tuple()));
        await(node.database().query("""
                        UPDATE notifications SET created_at = now() - interval '25 hours'
                        WHERE event_id = (SELECT min(event_id::text)::uuid FROM notifications)
                        """, Tuple.tuple()));
        await(append(List.of(match(user)), Future.succeededFuture()));

        assertThat(await(notifications.takeIn(node.database()))).isEqualTo(new NotificationStore.TakenIn(4, 2));

        assertThat(node.count("""
                        SELECT count(*) FROM notifications
                        WHERE status = 'sent' AND is_read AND read_at IS NOT NULL AND delivered_at IS NULL
                        """)).isEqualTo(2);
        assertThat(node.count("SELECT count(*) FROM notification_deliveries")).isEqualTo(6);
        assertThat(await(notifications.takeIn(node.database())))
                .as("a second time")
                .isEqualTo(new NotificationStore.TakenIn(0, 0));
    }

    @Test
    void stream_ids_become_visible_in_the_order_of_their_numbers_even_when_the_first_writer_commits_late() {
        Promise<Void> slowCommit = Promise.promise();
        Future<List<UUID>> slow = append(List.of(match(user), match(user)), slowCommit.future());
        TestNode.eventually(
                "the slow writer drew its ids",
                30_000,
                () -> node.count(
                                "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()")
                        == 1);
        Future<List<UUID>> fast = append(List.of(match(user)), Future.succeededFuture());
        TestNode.eventually(
                "the fast writer waits",
                30_000,
                () -> node.count(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
                        == 1);

        assertThat(visibleStreamIds()).isEmpty();
        slowCommit.complete();

        await(slow);
        await(fast);
        assertThat(visibleStreamIds()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void two_writers_of_the_same_users_in_opposite_order_do_not_deadlock() {
        UUID other = node.user("other@example.com");
        var writers = new ArrayList<Future<List<UUID>>>();
        for (int i = 0; i < 40; i++) {
            writers.add(append(
                    i % 2 == 0 ? List.of(match(user), match(other)) : List.of(match(other), match(user)),
                    Future.succeededFuture()));
        }
        writers.forEach(TestNode::await);

        assertThat(visibleStreamIds())
                .hasSize(40)
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo(40L);
    }

    @Test
    void a_delivery_is_claimed_once_and_only_its_present_owner_settles_it() {
        await(append(List.of(match(user)), Future.succeededFuture()));
        ClaimedDelivery first = claimMail().get(0);
        assertThat(claimMail()).isEmpty();
        await(node.database().query("UPDATE notification_deliveries SET due_at = now()", Tuple.tuple()));
        ClaimedDelivery second = claimMail().get(0);
        assertThat(second.attempt()).isEqualTo(2);

        await(notifications.sent(node.database(), List.of(first)));
        assertThat(node.count("SELECT count(*) FROM notifications WHERE status = 'sent'"))
                .isZero();
        await(notifications.sent(node.database(), List.of(second)));

        assertThat(node.count("SELECT count(*) FROM notifications WHERE status = 'sent' AND delivered_at IS NOT NULL"))
                .isEqualTo(1);
        assertThat(node.count("SELECT count(*) FROM notification_deliveries WHERE channel = 'email'"))
                .isZero();
    }

    @Test
    void a_rolled_back_event_leaves_neither_notification_nor_stream_id() {
        Future<List<UUID>> failing = append(List.of(match(user)), Future.failedFuture("no"));
        assertThat(failing.otherwise(List.of()).await()).isEmpty();

        await(append(List.of(match(user)), Future.succeededFuture()));

        assertThat(visibleStreamIds()).containsExactly(1L);
    }

    private List<ClaimedDelivery> claimMail() {
        return await(notifications.claim(node.database(), NotificationChannel.EMAIL, 10, LEASE));
    }
}
