package io.waxwatch.notifier.email;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.notifier.email.EmailTransport.Result;
import io.waxwatch.notifier.email.SmtpOptions.Bounds;
import io.waxwatch.notifier.email.SmtpOptions.Login;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpTransportTest {

    private static final String PLAIN_HELLO = "250-hello\n250 SIZE 1000000";
    private static final Bounds PATIENT = bounds(Duration.ofSeconds(60));

    private Vertx vertx;
    private ScriptedSmtp smtp;
    private final List<SmtpTransport> opened = new ArrayList<>();

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        smtp = new ScriptedSmtp(vertx);
    }

    @AfterEach
    void close() {
        opened.forEach(transport -> await(transport.close()));
        await(vertx.close());
    }

    private static Bounds bounds(Duration each) {
        return new Bounds(Duration.ofSeconds(30), each, each, each, each);
    }

    private static Mail mail(String to) {
        return new Mail("<1@waxwatch.test>", to, "Über alles — 18.50 USD", "text\n.\n.dot", "<p>html</p>");
    }

    private static Mail mail() {
        return mail("collector@example.com");
    }

    private SmtpOptions options(Bounds bounds) {
        return new SmtpOptions(
                "127.0.0.1", smtp.port(), false, false, Optional.empty(), Optional.of("wax.example"), 2, bounds);
    }

    private SmtpOptions oneConnection(Bounds bounds) {
        return new SmtpOptions(
                "127.0.0.1", smtp.port(), false, false, Optional.empty(), Optional.of("wax.example"), 1, bounds);
    }

    private SmtpOptions withLogin(Login login) {
        return new SmtpOptions(
                "127.0.0.1", smtp.port(), false, false, Optional.of(login), Optional.of("wax.example"), 2, PATIENT);
    }

    private SmtpTransport transport(SmtpOptions options) {
        return transport(options, new NetClientOptions());
    }

    private SmtpTransport transport(SmtpOptions options, NetClientOptions network) {
        var standing = new HostStanding(new Metrics("test"), Clock.systemUTC());
        var transport = new SmtpTransport(
                vertx, options, network, "alerts@waxwatch.example", "WaxWatch", standing, Clock.systemUTC());
        opened.add(transport);
        return transport;
    }

    private static Result send(SmtpTransport transport, Mail mail) {
        return await(transport.send(mail, () -> true));
    }

    private Result send() {
        return send(transport(options(PATIENT)), mail());
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN_HELLO, "250-hello\n250-PIPELINING\n250 SIZE 1000000", "502 what?"})
    void a_mail_that_is_taken_keeps_our_message_id_whatever_the_host_can(String hello) {
        smtp.first.put("EHLO", new ArrayList<>(List.of(hello)));

        assertThat(send()).isEqualTo(new Result.Accepted("<1@waxwatch.test>"));

        assertThat(smtp.mails).hasSize(1).first().asString().contains("Message-ID: <1@waxwatch.test>\r\n");
        assertThat(smtp.commands).contains("RCPT TO:<collector@example.com>", "DATA");
    }

    @Test
    void mails_go_over_kept_connections() {
        var transport = transport(options(PATIENT));
        for (int i = 0; i < 20; i++) {
            assertThat(send(transport, mail())).isInstanceOf(Result.Accepted.class);
        }
        assertThat(smtp.connections).hasValue(1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "RCPT,550 5.1.1 no such user,NoMailbox",
        "RCPT,450 4.2.0 greylisted,Deferred",
        "RCPT,554 5.7.1 no,Held",
        "DATA,554 5.6.0 no,Refused",
        "DATA,451 later,Deferred",
        "END,552 5.3.4 too big,Refused",
        "END,452 disk full,Deferred",
        "END,554 5.7.1 spam,Held",
        "MAIL,550 sender not allowed,Held",
        "MAIL,530 login first,Held",
        "MAIL,451 later,Away",
        "RCPT,421 closing,Away",
        "END,421 closing,Away",
        "GREETING,554 you are on a list,Held",
        "GREETING,421 not now,Away",
        "EHLO,504 5.5.2 need fully-qualified hostname,Held"
    })
    void each_refusal_has_its_consequence(String step, String answer, String consequence) {
        smtp.answers.put(step, answer);

        assertThat(send().getClass().getSimpleName()).isEqualTo(consequence);
    }

    @Test
    void the_code_and_the_hosts_words_are_told() {
        smtp.answers.put("RCPT", "550-5.1.1 <collector@example.com>:\n550 5.1.1 user unknown");

        assertThat(send())
                .isEqualTo(new Result.NoMailbox(
                        "smtp_550_5.1.1", "550 5.1.1 <collector@example.com>: 5.1.1 user unknown"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN_HELLO, "250 PIPELINING"})
    void a_refused_mail_does_not_cost_the_connection(String hello) {
        smtp.answers.put("EHLO", hello.equals(PLAIN_HELLO) ? hello : "250-hello\n" + hello);
        smtp.first.put("RCPT", new ArrayList<>(List.of("550 5.1.1 no such user")));
        // Over a pipelined line the text may be permitted though nobody is to have it.
        var transport = transport(oneConnection(PATIENT));

        assertThat(send(transport, mail())).isInstanceOf(Result.NoMailbox.class);
        assertThat(send(transport, mail("other@example.com"))).isInstanceOf(Result.Accepted.class);

        assertThat(smtp.connections).hasValue(1);
        assertThat(smtp.commands).contains("RSET");
        assertThat(smtp.mails.stream().filter(text -> !text.isEmpty()))
                .as("the refused mail's text was never sent")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
    void a_host_that_falls_silent_before_the_mail_is_away(String step) {
        smtp.answers.put("EHLO", PLAIN_HELLO);
        smtp.answers.put(step, ScriptedSmtp.SILENCE);

        assertThat(send(transport(options(bounds(Duration.ofMillis(300)))), mail()))
                .isEqualTo(new Result.Away("timeout"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
    void a_host_that_dies_before_the_mail_is_away(String step) {
        smtp.answers.put("EHLO", PLAIN_HELLO);
        smtp.answers.put(step, ScriptedSmtp.DEATH);

        assertThat(send()).isEqualTo(new Result.Away("connection"));
    }

    @ParameterizedTest
    @CsvSource({"DEATH,connection", "'',timeout"})
    void what_became_of_a_mail_without_its_answer_is_not_known(String end, String code) {
        smtp.answers.put("END", end);

        assertThat(send(transport(options(bounds(Duration.ofMillis(300)))), mail()))
                .isEqualTo(new Result.Uncertain(code));
        assertThat(smtp.mails).hasSize(1);
    }

    @Test
    void the_wait_for_a_connection_is_nobodys_silence() {
        smtp.delays.put("END", 700);
        var transport = transport(oneConnection(bounds(Duration.ofSeconds(2))));

        List<Future<Result>> sent = IntStream.range(0, 5)
                .mapToObj(i -> transport.send(mail(), () -> true))
                .toList();

        assertThat(sent.stream().map(one -> (Object) await(one).getClass()))
                .as("the last waited 2.8 s for its turn, and each step was within its bound")
                .containsOnly(Result.Accepted.class);
        assertThat(smtp.mails).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.4.2 too many mails", ScriptedSmtp.DEATH})
    void a_connection_that_the_host_had_enough_of_is_replaced_at_once(String answer) {
        var transport = transport(options(PATIENT));
        send(transport, mail());
        smtp.first.put("MAIL", new ArrayList<>(List.of(answer)));

        assertThat(send(transport, mail())).isInstanceOf(Result.Accepted.class);
        assertThat(smtp.connections).hasValue(2);
        assertThat(smtp.mails.stream().filter(text -> !text.isEmpty())).hasSize(2);
    }

    @Test
    void an_outage_costs_one_try_however_many_mails_wait() {
        smtp.answers.put("GREETING", "421 not now");
        var transport = transport(options(PATIENT));

        List<Future<Result>> sent = IntStream.range(0, 50)
                .mapToObj(i -> transport.send(mail(), () -> true))
                .toList();

        sent.forEach(one -> assertThat(await(one)).isEqualTo(new Result.Away("smtp_421")));
        assertThat(smtp.connections.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void a_host_that_refuses_us_is_not_asked_for_each_mail_that_waits() {
        smtp.answers.put("RCPT", "554 5.7.1 Relay access denied");
        var transport = transport(oneConnection(PATIENT));

        List<Future<Result>> sent = IntStream.range(0, 50)
                .mapToObj(i -> transport.send(mail(), () -> true))
                .toList();

        sent.forEach(one -> assertThat(await(one)).isInstanceOf(Result.Held.class));
        // Three in a row settle it; one more may have begun by the time the third is heard.
        assertThat(smtp.commands.stream().filter(line -> line.startsWith("RCPT")))
                .hasSizeBetween(3, 4);
    }

    @Test
    void what_is_not_wanted_when_its_turn_comes_is_not_sent() {
        assertThat(await(transport(options(PATIENT)).send(mail(), () -> false))).isEqualTo(new Result.NotBegun());
        assertThat(smtp.heard("MAIL")).isFalse();
    }

    @Test
    void a_transport_that_rests_finishes_what_it_began_and_begins_nothing() {
        smtp.delays.put("END", 500);
        var transport = transport(oneConnection(PATIENT));
        Future<Result> begun = transport.send(mail(), () -> true);
        eventually("it is handed over", 30_000, () -> smtp.mails.size() == 1);
        Future<Result> waiting = transport.send(mail(), () -> true);

        transport.rest();

        assertThat(await(waiting)).isEqualTo(new Result.NotBegun());
        assertThat(await(begun)).isInstanceOf(Result.Accepted.class);
    }

    @Test
    void nobody_listening_is_away() {
        SmtpOptions options = options(PATIENT);
        await(vertx.close());
        vertx = Vertx.vertx();

        assertThat(send(transport(options), mail())).isEqualTo(new Result.Away("connection"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request", "220", "999 no", "22 short", "250ok"})
    void babble_is_away_and_a_bare_code_is_an_answer(String greeting) {
        smtp.answers.put("GREETING", greeting);

        assertThat(send()).isInstanceOf(greeting.equals("220") ? Result.Accepted.class : Result.Away.class);
    }

    @Test
    void an_answer_without_end_is_away() {
        smtp.answers.put("GREETING", "220-" + "x".repeat(10_000));

        assertThat(send()).isEqualTo(new Result.Away("protocol"));
    }

    @Test
    void lines_that_begin_with_a_dot_arrive_with_it() {
        send();

        assertThat(smtp.mails.get(0)).doesNotContainPattern("(?m)^\\.\\r?$").contains("=2E\r\n=2Edot");
    }

    @Test
    void we_greet_by_the_name_of_the_setting_else_by_that_of_our_site_else_by_our_address() {
        send(transport(settings(Map.of("SMTP_EHLO_NAME", "mx.wax.example"))), mail());
        send(transport(settings(Map.of("PUBLIC_BASE_URL", "https://api.wax.example"))), mail());
        send(transport(settings(Map.of("PUBLIC_BASE_URL", "http://localhost:8000"))), mail());

        assertThat(smtp.commands).contains("EHLO mx.wax.example", "EHLO api.wax.example", "EHLO [127.0.0.1]");
    }

    private SmtpOptions settings(Map<String, String> more) {
        var all = new HashMap<>(Map.of(
                "ENVIRONMENT", "test",
                "DATABASE_URL", "postgresql://nobody@localhost/none",
                "NOTIFICATION_EMAIL_PROVIDER", "smtp",
                "SMTP_HOST", "127.0.0.1",
                "SMTP_PORT", Integer.toString(smtp.port()),
                "SMTP_STARTTLS", "false"));
        all.putAll(more);
        return SmtpOptions.from(Settings.load(all, Role.NOTIFIER));
    }

    @Test
    void by_default_each_step_has_the_time_that_the_standard_gives_it() {
        Bounds bounds = settings(Map.of()).bounds();

        assertThat(bounds.of(SmtpStep.GREETING)).isEqualTo(Duration.ofMinutes(5));
        assertThat(bounds.of(SmtpStep.MAIL)).isEqualTo(Duration.ofMinutes(5));
        assertThat(bounds.of(SmtpStep.RCPT)).isEqualTo(Duration.ofMinutes(5));
        assertThat(bounds.of(SmtpStep.DATA)).isEqualTo(Duration.ofMinutes(2));
        assertThat(bounds.block()).isEqualTo(Duration.ofMinutes(3));
        assertThat(bounds.of(SmtpStep.END)).isEqualTo(Duration.ofMinutes(10));
        assertThat(bounds.connect()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({"zoë@example.com,true", "collector@köln.example,false"})
    void an_address_outside_ascii_needs_smtputf8_only_before_the_at(String to, boolean needed) {
        var willing = transport(options(PATIENT));
        assertThat(send(willing, mail(to))).isInstanceOf(needed ? Result.NoMailbox.class : Result.Accepted.class);

        smtp.answers.put("EHLO", "250-hello\n250-8BITMIME\n250 SMTPUTF8");
        assertThat(send(transport(options(PATIENT)), mail(to))).isInstanceOf(Result.Accepted.class);
        assertThat(smtp.heard("RCPT TO:<" + (needed ? to : "collector@xn--kln-sna.example") + ">"))
                .isTrue();
        assertThat(smtp.heard("MAIL FROM:<alerts@waxwatch.example> SMTPUTF8 BODY=8BITMIME"))
                .isEqualTo(needed);
    }

    @Test
    void a_login_is_by_what_the_host_offers() {
        var login = new Login("wax", "sésame");
        smtp.answers.put("EHLO", "250-hello\n250 AUTH PLAIN LOGIN");
        assertThat(send(transport(withLogin(login)), mail())).isInstanceOf(Result.Accepted.class);
        assertThat(smtp.commands).contains("AUTH PLAIN " + base64("\0wax\0sésame"));

        smtp.answers.put("EHLO", "250-hello\n250 AUTH CRAM-MD5 PLAIN");
        smtp.answers.put("CHALLENGE", "334 " + base64("<1896.697170952@postoffice.example>"));
        assertThat(send(transport(withLogin(new Login("tim", "tanstaaftanstaaf"))), mail()))
                .isInstanceOf(Result.Accepted.class);
        assertThat(smtp.commands)
                .as("the password is not shown on an open line where that can be helped")
                .contains("AUTH CRAM-MD5")
                .noneMatch(line -> line.contains(base64("\0tim\0tanstaaftanstaaf")));
    }

    @Test
    void a_refused_login_holds_all_mails() {
        smtp.answers.put("EHLO", "250-hello\n250 AUTH PLAIN LOGIN");
        smtp.answers.put("AUTH", "535 5.7.8 authentication failed");

        assertThat(send(transport(withLogin(new Login("wax", "wrong"))), mail()))
                .isEqualTo(new Result.Held("smtp_535_5.7.8", true));
        assertThat(smtp.heard("MAIL")).isFalse();
    }

    @Test
    void a_host_without_a_known_way_to_log_in_holds_all_mails() {
        assertThat(send(transport(withLogin(new Login("wax", "sesame"))), mail()))
                .isEqualTo(new Result.Held("smtp_504", true));
        assertThat(smtp.heard("MAIL")).isFalse();
    }

    @Test
    void where_encryption_is_required_nothing_goes_out_before_it() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
        smtp = new ScriptedSmtp(vertx, new NetServerOptions().setKeyCertOptions(certificate.keyCertOptions()));
        var options = new SmtpOptions(
                "localhost", smtp.port(), false, true, Optional.empty(), Optional.of("wax.example"), 2, PATIENT);

        assertThat(send(transport(options), mail())).as("not offered").isEqualTo(new Result.Held("smtp_502", true));

        smtp.answers.put("EHLO", "250-hello\n250 STARTTLS");
        assertThat(send(transport(options), mail())).as("not trusted").isEqualTo(new Result.Held("tls", true));
        assertThat(smtp.heard("MAIL")).isFalse();

        var trusting = new NetClientOptions();
        trusting.setTrustOptions(certificate.trustOptions());
        smtp.answers.put("STARTTLS", "220 go on");
        assertThat(send(transport(options, trusting), mail())).as("trusted").isInstanceOf(Result.Accepted.class);
        certificate.delete();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
