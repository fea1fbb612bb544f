package io.waxwatch.notifier;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.bus.BusMessage.NotificationReady;
import io.waxwatch.common.bus.BusMessage.StreamsGrown;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.docs.StartedCounters;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.outbox.EventStore;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NewEvent;
import io.waxwatch.common.outbox.NotificationChannel;
import io.waxwatch.common.outbox.NotificationStore;
import io.waxwatch.common.outbox.SuppressedAddresses;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.ReferenceTables;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.notifier.email.ScriptedSmtp;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifierTest {

    private static final int PATIENCE = 30_000;

    private final NotificationStore notifications = new NotificationStore();
    private final EventStore events = new EventStore(notifications);
    private final List<StreamsGrown> news = new CopyOnWriteArrayList<>();
    private int smtpPort;
    private GreenMail mails;
    private ScriptedSmtp smtp;
    private Vertx outside;
    private Node node;
    private Database database;

    @BeforeEach
    void freePort() throws IOException {
        outside = Vertx.vertx();
        try (var socket = new ServerSocket(0)) {
            smtpPort = socket.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        if (node != null) {
            await(node.close());
        }
        if (mails != null) {
            mails.stop();
        }
        await(outside.close());
    }

    private void open(Map<String, String> more) {
        open(TestDatabase.fresh(), more);
    }

    private void open(DatabaseAddress address, Map<String, String> more) {
        var settings = new HashMap<String, String>();
        settings.put("NOTIFICATION_EMAIL_PROVIDER", "smtp");
        settings.put("NOTIFICATION_SENDER_EMAIL", "alerts@waxwatch.example");
        settings.put("PUBLIC_BASE_URL", "https://waxwatch.example");
        settings.put("SMTP_HOST", "127.0.0.1");
        settings.put("SMTP_PORT", Integer.toString(smtpPort));
        settings.put("SMTP_STARTTLS", "false");
        // Longer than a busy machine ever pauses: a mail that is given up too early is rightly sent again.
        settings.put("SMTP_TIMEOUT_SECONDS", "20");
        settings.put("NOTIFICATION_RETRY_BACKOFF_SECONDS", "1");
        settings.put("NOTIFICATION_SWEEP_INTERVAL_MS", "200");
        settings.putAll(more);
        node = await(Node.alone("test", TestDatabase.settings(address, Role.NOTIFIER, settings)));
        database = node.openDatabase();
    }

    private void startMails() {
        mails = new GreenMail(new ServerSetup(smtpPort, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.start();
    }

    private UUID user(String email) {
        UUID id = UUID.randomUUID();
        await(database.query("""
                INSERT INTO users (id, email, hashed_password, is_active, created_at, updated_at)
                VALUES ($1, $2, '!', true, now(), now())
                """, Tuple.of(id, email)));
        return id;
    }

    private void happened(UUID user, EventType type, JsonObject payload) {
        happened(List.of(new NewEvent(user, type, null, null, null, payload)));
    }

    private void happened(List<NewEvent> what) {
        await(database.transaction(connection -> events.append(connection, what)));
    }

    private static JsonObject match(String title) {
        return new JsonObject()
                .put("rule_name", "Blue Train")
                .put("listing_title", title)
                .put("price", 18.5)
                .put("currency", "USD")
                .put("price_kind", "fixed")
                .put("provider", "ebay")
                .put("listing_url", "https://www.ebay.com/itm/1")
                .put("why", new JsonArray().add("title has “blue train”"));
    }

    private long count(String sql, Object... parameters) {
        return await(database.query(sql, Tuple.from(parameters)))
                .iterator()
                .next()
                .getLong(0);
    }

    private long withStatus(String channel, String status) {
        return count(
                "SELECT count(*) FROM notifications WHERE channel::text = $1 AND status::text = $2", channel, status);
    }

    private MimeMessage[] received() {
        return mails.getReceivedMessages();
    }

    private List<String> subjects() {
        return Arrays.stream(received()).map(NotifierTest::subject).toList();
    }

    private static String subject(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (jakarta.mail.MessagingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void what_alerts_are_built_on_is_counted_from_the_start() {
        open(Map.of());
        await(Notifier.deploy(node, database));
        StartedCounters.assertAreThere(node.metrics(), "notifier");
    }

    @Test
    void what_an_adopted_database_holds_is_delivered_or_settled_whatever_it_is() {
        DatabaseAddress adopted = TestDatabase.empty();
        ReferenceTables.create(adopted);
        ReferenceTables.fill(adopted);
        new Migrations(adopted).adopt();
        new Migrations(adopted).migrate();
        // The reference has worked on it once more, and left as many again.
        ReferenceTables.execute(
                adopted,
                "DELETE FROM notification_deliveries WHERE channel = 'realtime'",
                "UPDATE notifications SET status = 'pending', is_read = false, read_at = NULL WHERE channel = 'realtime'",
                "UPDATE users SET email = id || '@example.com'");
        startMails();
        open(adopted, Map.of());

        await(Notifier.deploy(node, database));

        eventually(
                "nothing is pending",
                PATIENCE,
                () -> count("SELECT count(*) FROM notifications WHERE status = 'pending'") == 0);
        assertThat(
                        count(
                                "SELECT count(*) FROM notifications WHERE delivered_at IS NULL AND is_read AND status = 'sent'"))
                .as("of before yesterday")
                .isEqualTo(30L * ReferenceTables.users());
        assertThat(count("SELECT count(*) FROM notification_deliveries")).isZero();
        assertThat(received()).hasSize(ReferenceTables.users());
    }

    @Test
    void a_match_arrives_as_a_mail_with_all_that_matters() throws Exception {
        open(Map.of());
        startMails();
        await(Notifier.deploy(node, database));

        happened(user("collector@example.com"), EventType.NEW_MATCH, match("Ärger <b>im</b> Blauen Zug"));
        node.bus().nudge(Topics.NOTIFICATION_READY, new NotificationReady(2));
        eventually("a mail arrives", PATIENCE, () -> received().length == 1);

        MimeMessage message = received()[0];
        assertThat(message.getSubject()).isEqualTo("WaxWatch: Ärger <b>im</b> Blauen Zug — 18.50 USD");
        assertThat(message.getAllRecipients()).extracting(Object::toString).containsExactly("collector@example.com");
        assertThat(message.getFrom())
                .extracting(Object::toString)
                .containsExactly("WaxWatch <alerts@waxwatch.example>");
        UUID notification = await(database.query("SELECT id FROM notifications WHERE channel = 'email'", Tuple.tuple()))
                .iterator()
                .next()
                .getUUID(0);
        assertThat(message.getMessageID()).isEqualTo("<" + notification + "@waxwatch.example>");
        var parts = (jakarta.mail.internet.MimeMultipart) message.getContent();
        assertThat(parts.getBodyPart(0).getContent().toString())
                .contains("Price: 18.50 USD", "title has “blue train”", "https://www.ebay.com/itm/1");
        assertThat(parts.getBodyPart(1).getContent().toString()).contains("Ärger &lt;b&gt;im&lt;/b&gt; Blauen Zug");
        eventually("it is settled", PATIENCE, () -> withStatus("email", "sent") == 1);
        assertThat(count("SELECT count(*) FROM notifications WHERE delivered_at IS NOT NULL"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"none", "unverified", "superseded"})
    void an_address_that_was_made_up_gets_no_mail(String source) {
        open(Map.of());
        startMails();
        UUID nobody = user("dev+7@waxwatch.dev");
        await(database.query("UPDATE users SET email_source = $2 WHERE id = $1", Tuple.of(nobody, source)));
        UUID somebody = user("collector@example.com");
        await(database.query("UPDATE users SET email_source = 'kept' WHERE id = $1", Tuple.of(somebody)));
        await(Notifier.deploy(node, database));

        happened(nobody, EventType.NEW_MATCH, match("Blue Train"));
        happened(somebody, EventType.NEW_MATCH, match("Giant Steps"));

        eventually("all are settled", PATIENCE, () -> count("SELECT count(*) FROM notification_deliveries") == 0);
        assertThat(subjects()).containsExactly("WaxWatch: Giant Steps — 18.50 USD");
        assertThat(count(
                        "SELECT count(*) FROM notifications WHERE user_id = $1 AND channel = 'realtime' AND status = 'sent'",
                        nobody))
                .as("in the app it arrives")
                .isEqualTo(1);
    }

    @Test
    void a_nudge_beats_the_sweep() {
        open(Map.of("NOTIFICATION_SWEEP_INTERVAL_MS", "60000"));
        startMails();
        await(Notifier.deploy(node, database));
        UUID user = user("collector@example.com");
        for (int i = 1; i <= 3; i++) {
            int expected = i;
            happened(user, EventType.NEW_MATCH, match("Record " + i));
            node.bus().nudge(Topics.NOTIFICATION_READY, new NotificationReady(2));
            eventually("mail " + i, 5_000, () -> received().length == expected);
        }
    }

    @Test
    void gateways_are_told_once_of_a_whole_batch_with_the_highest_stream_id_of_each_user() {
        open(Map.of());
        startMails();
        UUID one = user("one@example.com");
        UUID two = user("two@example.com");
        happened(IntStream.range(0, 5)
                .mapToObj(i -> NewEvent.ofRule(one, EventType.RULE_UPDATED, null))
                .toList());
        happened(two, EventType.RULE_CREATED, null);
        await(node.bus().listen(Topics.NOTIFICATION_REALTIME, news::add));

        await(Notifier.deploy(node, database));
        eventually("all are settled", PATIENCE, () -> withStatus("realtime", "sent") == 6);

        assertThat(news).containsExactly(new StreamsGrown(Map.of(one, 5L, two, 1L)));
    }

    @Test
    void the_users_own_clicks_are_settled_without_a_mail() {
        open(Map.of());
        startMails();
        happened(user("collector@example.com"), EventType.RULE_CREATED, null);

        await(Notifier.deploy(node, database));
        eventually("it is settled", PATIENCE, () -> withStatus("email", "sent") == 1);

        eventually("it is counted", PATIENCE, () -> node.metrics().scrape().contains("outcome=\"quiet\""));
        assertThat(received()).isEmpty();
    }

    @Test
    void an_inactive_user_hears_nothing() {
        open(Map.of());
        startMails();
        UUID user = user("gone@example.com");
        happened(user, EventType.NEW_MATCH, match("A record"));
        await(database.query("UPDATE users SET is_active = false WHERE id = $1", Tuple.of(user)));
        await(node.bus().listen(Topics.NOTIFICATION_REALTIME, news::add));

        await(Notifier.deploy(node, database));
        eventually(
                "both are ended",
                PATIENCE,
                () -> withStatus("email", "failed") == 1 && withStatus("realtime", "failed") == 1);

        assertThat(received()).isEmpty();
        assertThat(news).isEmpty();
    }

    @Test
    void no_mail_is_lost_or_doubled_while_smtp_is_down() {
        open(Map.of("NOTIFICATION_MAX_RETRIES", "0"));
        UUID user = user("collector@example.com");
        happened(IntStream.range(0, 40)
                .mapToObj(i -> new NewEvent(user, EventType.NEW_MATCH, null, null, null, match("Record " + i)))
                .toList());
        await(Notifier.deploy(node, database));
        eventually(
                "sending fails",
                PATIENCE,
                () -> count("SELECT count(*) FROM notification_deliveries WHERE last_error = 'connection'") > 0);
        assertThat(count("SELECT max(attempts) FROM notification_deliveries"))
                .as("an outage costs few attempts")
                .isLessThan(4);

        startMails();
        eventually("all are sent", PATIENCE, () -> withStatus("email", "sent") == 40);

        assertThat(subjects()).doesNotHaveDuplicates().hasSize(40);
        assertThat(withStatus("email", "failed")).isZero();
    }

    @Test
    void what_a_dead_notifier_had_claimed_is_delivered_after_its_lease() {
        open(Map.of());
        startMails();
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));
        var claimed = await(notifications.claim(database, NotificationChannel.EMAIL, 10, Duration.ofSeconds(2)));
        assertThat(claimed).hasSize(1);

        await(Notifier.deploy(node, database));
        eventually("the lease is over and it is sent", PATIENCE, () -> withStatus("email", "sent") == 1);

        assertThat(received()).hasSize(1);
        await(notifications.giveUp(database, claimed.get(0), null));
        assertThat(withStatus("email", "sent"))
                .as("the dead one's late word counts for nothing")
                .isEqualTo(1);
    }

    private ScriptedSmtp startScripted(Map<String, String> more) {
        var settings = new HashMap<>(more);
        smtp = new ScriptedSmtp(outside);
        smtpPort = smtp.port();
        open(settings);
        return smtp;
    }

    private static NewEvent matchOf(UUID user, String title) {
        return new NewEvent(user, EventType.NEW_MATCH, null, null, null, match(title));
    }

    private void makeDue() {
        await(database.query("UPDATE notification_deliveries SET due_at = now()", Tuple.tuple()));
    }

    private String text(String sql) {
        return await(database.query(sql, Tuple.tuple())).iterator().next().getString(0);
    }

    @Test
    void a_host_that_takes_three_leases_over_a_mail_gets_one_copy_and_its_late_word_counts() {
        startScripted(Map.of("NOTIFICATION_LEASE_SECONDS", "2", "SMTP_TIMEOUT_SECONDS", "1"));
        smtp.delays.put("END", 6_500);
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));

        await(node.deploy(
                () -> new NotifierVerticle(node.bus(), database, node.metrics(), node.settings()),
                2,
                Duration.ofSeconds(12)));
        eventually("it is settled", PATIENCE, () -> withStatus("email", "sent") == 1);

        assertThat(smtp.mails).hasSize(1);
        assertThat(count("SELECT count(*) FROM notification_deliveries WHERE channel = 'email'"))
                .isZero();
    }

    @Test
    void a_mail_that_is_accepted_after_its_lease_went_to_another_notifier_counts_as_sent() {
        open(Map.of());
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));
        var first = await(notifications.claim(database, NotificationChannel.EMAIL, 10, Duration.ofSeconds(30)));
        makeDue();
        var second = await(notifications.claim(database, NotificationChannel.EMAIL, 10, Duration.ofSeconds(30)));

        assertThat(await(notifications.renew(database, first, Duration.ofSeconds(30))))
                .isEmpty();
        assertThat(await(notifications.renew(database, second, Duration.ofSeconds(30))))
                .hasSize(1);
        await(notifications.accepted(database, first));

        assertThat(withStatus("email", "sent")).isEqualTo(1);
        await(notifications.retry(database, second.get(0), Duration.ZERO, "late"));
        assertThat(count("SELECT count(*) FROM notification_deliveries WHERE channel = 'email'"))
                .isZero();
    }

    @Test
    void a_greylisted_mail_is_tried_until_it_is_taken_however_often_that_is() {
        startScripted(Map.of("NOTIFICATION_MAX_RETRIES", "0", "NOTIFICATION_RETRY_MAX_DELAY_SECONDS", "1"));
        smtp.first.put(
                "RCPT", new CopyOnWriteArrayList<>(Collections.nCopies(5, "450 4.2.0 <c@example.com>: Greylisted")));
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));

        await(Notifier.deploy(node, database));
        eventually("it is sent", PATIENCE, () -> withStatus("email", "sent") == 1);

        assertThat(smtp.mails.stream().filter(text -> !text.isEmpty())).hasSize(1);
        assertThat(node.metrics().scrape())
                .contains("waxwatch_mail_refusals_total{cause=\"later\",service=\"test\"} 5.0");
    }

    @Test
    void a_mail_that_is_put_off_for_a_day_ends_and_says_why() {
        startScripted(Map.of());
        smtp.answers.put("RCPT", "450 4.2.0 <c@example.com>: Greylisted");
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));
        await(Notifier.deploy(node, database));
        eventually(
                "it is put off",
                PATIENCE,
                () -> count("SELECT count(*) FROM notification_deliveries WHERE refusals = 1") == 1);

        await(database.query(
                "UPDATE notification_deliveries SET due_at = now(), refusals = 40, refused_since = now() - interval '25 hours'",
                Tuple.tuple()));
        eventually("it has ended", PATIENCE, () -> withStatus("email", "failed") == 1);

        assertThat(text("SELECT failure FROM notifications WHERE channel = 'email'"))
                .isEqualTo("not accepted within 24 hours: 450 4.2.0 <c@example.com>: Greylisted");
    }

    @Test
    void a_host_that_refuses_us_holds_all_mails_and_fails_none() {
        startScripted(Map.of("NOTIFICATION_MAX_RETRIES", "0"));
        smtp.answers.put("RCPT", "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname");
        UUID user = user("collector@example.com");
        happened(IntStream.range(0, 20)
                .mapToObj(i -> matchOf(user, "Record " + i))
                .toList());

        await(Notifier.deploy(node, database));
        eventually(
                "the alarm is on",
                PATIENCE,
                () -> node.metrics().scrape().contains("waxwatch_mail_host_refusing{service=\"test\"} 1.0"));
        assertThat(withStatus("email", "failed")).isZero();
        assertThat(count("SELECT count(*) FROM suppressed_addresses")).isZero();

        smtp.answers.remove("RCPT");
        eventually("all are sent", PATIENCE, () -> withStatus("email", "sent") == 20);
        assertThat(node.metrics().scrape()).contains("waxwatch_mail_host_refusing{service=\"test\"} 0.0");
        assertThat(smtp.mails.stream().filter(text -> !text.isEmpty())).hasSize(20);
    }

    @Test
    void an_address_without_a_mailbox_gets_no_further_mail_until_it_changes_or_is_lifted() {
        startScripted(Map.of());
        smtp.answers.put("RCPT", "550 5.1.1 <collector@example.com>: User unknown");
        UUID user = user("Collector@example.com");
        happened(user, EventType.NEW_MATCH, match("First"));
        await(Notifier.deploy(node, database));
        eventually("the first has failed", PATIENCE, () -> withStatus("email", "failed") == 1);
        assertThat(text("SELECT reason FROM suppressed_addresses WHERE address = 'collector@example.com'"))
                .isEqualTo("550 5.1.1 <collector@example.com>: User unknown");

        smtp.answers.remove("RCPT");
        long asked =
                smtp.commands.stream().filter(line -> line.startsWith("RCPT")).count();
        happened(user, EventType.NEW_MATCH, match("Second"));
        eventually("the second has failed", PATIENCE, () -> withStatus("email", "failed") == 2);
        assertThat(smtp.commands.stream()
                        .filter(line -> line.startsWith("RCPT"))
                        .count())
                .as("nobody was asked")
                .isEqualTo(asked);
        assertThat(count("SELECT count(*) FROM notifications WHERE failure LIKE '550 5.1.1%'"))
                .isEqualTo(2);

        moved(user, "new@example.com");
        happened(user, EventType.NEW_MATCH, match("Third"));
        eventually("the third is sent", PATIENCE, () -> withStatus("email", "sent") == 1);

        moved(user, "collector@EXAMPLE.com");
        await(new SuppressedAddresses().lift(database, "COLLECTOR@example.com"));
        happened(user, EventType.NEW_MATCH, match("Fourth"));
        eventually("the fourth is sent", PATIENCE, () -> withStatus("email", "sent") == 2);
    }

    @Test
    void a_mailbox_that_is_none_is_asked_for_once_and_not_for_each_mail_that_waits() {
        startScripted(Map.of("SMTP_CONNECTIONS", "1"));
        smtp.answers.put("RCPT", "550 5.1.1 <collector@example.com>: User unknown");
        UUID user = user("collector@example.com");
        happened(IntStream.range(0, 20)
                .mapToObj(i -> matchOf(user, "Record " + i))
                .toList());

        await(Notifier.deploy(node, database));
        eventually("all have failed", PATIENCE, () -> withStatus("email", "failed") == 20);

        assertThat(smtp.commands.stream().filter(line -> line.startsWith("RCPT")))
                .hasSize(1);
        assertThat(count("SELECT count(*) FROM notifications WHERE failure LIKE '550 5.1.1%'"))
                .isEqualTo(20);
    }

    @Test
    void a_mail_whose_fate_is_unknown_is_not_sent_again_for_a_while_and_then_as_the_same_mail() {
        startScripted(Map.of());
        smtp.first.put("END", new CopyOnWriteArrayList<>(List.of(ScriptedSmtp.DEATH)));
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));
        await(Notifier.deploy(node, database));
        eventually(
                "it is not known",
                PATIENCE,
                () -> count("SELECT count(*) FROM notification_deliveries"
                                + " WHERE uncertain = 1 AND due_at > now() + interval '2 minutes' AND refusals = 0")
                        == 1);

        makeDue();
        eventually("it is sent", PATIENCE, () -> withStatus("email", "sent") == 1);

        assertThat(smtp.mails.stream().map(NotifierTest::messageId).distinct()).hasSize(1);
        assertThat(smtp.mails).hasSize(2);
    }

    private void moved(UUID user, String email) {
        await(database.query("UPDATE users SET email = $2 WHERE id = $1", Tuple.of(user, email)));
    }

    private static String messageId(String mail) {
        return mail.lines()
                .filter(line -> line.startsWith("Message-ID: "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void several_notifiers_share_the_outbox_without_sending_twice() {
        open(Map.of());
        startMails();
        UUID user = user("collector@example.com");
        happened(IntStream.range(0, 120)
                .mapToObj(i -> new NewEvent(user, EventType.NEW_MATCH, null, null, null, match("Record " + i)))
                .toList());

        await(node.deploy(
                () -> new NotifierVerticle(node.bus(), database, node.metrics(), node.settings()),
                3,
                Duration.ofSeconds(12)));
        eventually("all are sent", PATIENCE, () -> withStatus("email", "sent") == 120);

        assertThat(subjects()).doesNotHaveDuplicates().hasSize(120);
    }

    @Test
    void a_title_cannot_add_a_header() throws Exception {
        open(Map.of());
        startMails();
        await(Notifier.deploy(node, database));

        happened(
                user("collector@example.com"),
                EventType.NEW_MATCH,
                match("Record\r\nBcc: victim@example.com\r\n\r\nbody"));
        eventually("a mail arrives", PATIENCE, () -> received().length == 1);

        assertThat(received()[0].getHeader("Bcc")).isNull();
        assertThat(received()[0].getSubject()).startsWith("WaxWatch: Record Bcc: victim@example.com body");
        assertThat(GreenMailUtil.getHeaders(received()[0])).contains("Auto-Submitted: auto-generated");
    }

    @Test
    void the_stub_calls_everything_sent() {
        open(Map.of("NOTIFICATION_EMAIL_PROVIDER", "stub"));
        happened(user("collector@example.com"), EventType.NEW_MATCH, match("A record"));

        await(Notifier.deploy(node, database));

        eventually("it is settled", PATIENCE, () -> withStatus("email", "sent") == 1);
    }

    @Test
    void goes_on_after_the_database_was_away(@TempDir Path data) throws IOException {
        try (var postgres = new TestDatabase.Stoppable(data)) {
            open(Map.of("DATABASE_URL", TestDatabase.url(postgres.address())));
            startMails();
            await(Notifier.deploy(node, database));
            UUID user = user("collector@example.com");
            happened(user, EventType.NEW_MATCH, match("Before"));
            eventually("a mail arrives", PATIENCE, () -> received().length == 1);
            eventually("it is settled", PATIENCE, () -> withStatus("email", "sent") == 1);

            postgres.stop();
            postgres.start();
            eventually("the database answers", PATIENCE, this::answers);
            happened(user, EventType.NEW_MATCH, match("After"));

            eventually("the other mail arrives", PATIENCE, () -> received().length == 2);
            await(node.close());
            node = null;
        }
    }

    private boolean answers() {
        try {
            return count("SELECT 1") == 1;
        } catch (Exception stillAway) {
            return false;
        }
    }
}
