package io.waxwatch.notifier.email;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.notifier.email.EmailTransport.Result;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpTransportTest {

    private static final Mail MAIL =
            new Mail("<1@waxwatch.test>", "collector@example.com", "Über alles — 18.50 USD", "text", "<p>html</p>");

    private Vertx vertx;
    private ScriptedSmtp smtp;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        smtp = new ScriptedSmtp(vertx);
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private SmtpTransport transport(int port, Duration deadline) {
        Settings settings = Settings.load(
                Map.of(
                        "ENVIRONMENT", "test",
                        "DATABASE_URL", "postgresql://nobody@localhost/none",
                        "NOTIFICATION_EMAIL_PROVIDER", "smtp",
                        "SMTP_HOST", "127.0.0.1",
                        "SMTP_PORT", Integer.toString(port),
                        "SMTP_STARTTLS", "false"),
                Role.NOTIFIER);
        return new SmtpTransport(vertx, settings, 2, deadline);
    }

    private Result send() {
        var transport = transport(smtp.port(), Duration.ofSeconds(5));
        Result result = await(transport.send(MAIL));
        await(transport.close());
        return result;
    }

    @Test
    void a_mail_that_is_taken_keeps_our_message_id() {
        assertThat(send()).isEqualTo(new Result.Accepted("<1@waxwatch.test>"));
        assertThat(smtp.taken).hasValue(1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"RCPT,550 no such user", "DATA,554 no", "END,552 too big"})
    void a_final_no_to_this_mail_is_final(String step, String answer) {
        smtp.answers.put(step, answer);

        assertThat(send()).isEqualTo(new Result.Refused("smtp_" + answer.substring(0, 3)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"RCPT,450 greylisted", "DATA,451 later", "END,452 disk full"})
    void a_not_now_to_this_mail_is_put_off(String step, String answer) {
        smtp.answers.put(step, answer);

        assertThat(send()).isEqualTo(new Result.Deferred("smtp_" + answer.substring(0, 3)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "GREETING,554 you are on a list",
        "MAIL,550 sender not allowed",
        "MAIL,530 login first",
        "RCPT,421 closing",
        "END,421 closing"
    })
    void a_no_to_us_is_not_held_against_the_mail(String step, String answer) {
        smtp.answers.put(step, answer);

        assertThat(send()).isEqualTo(new Result.Away("smtp_" + answer.substring(0, 3)));
    }

    @ParameterizedTest
    @CsvSource({"GREETING", "EHLO", "RCPT", "END"})
    void a_silent_host_costs_no_more_than_the_deadline(String step) {
        smtp.answers.put(step, "");
        var transport = transport(smtp.port(), Duration.ofMillis(300));
        long before = System.nanoTime();

        assertThat(await(transport.send(MAIL))).isEqualTo(new Result.Away("timeout"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void nobody_listening_is_away() {
        int port = smtp.port();
        await(vertx.close());
        vertx = Vertx.vertx();

        assertThat(await(transport(port, Duration.ofSeconds(5)).send(MAIL))).isEqualTo(new Result.Away("connection"));
    }

    @Test
    void babble_is_away() {
        smtp.answers.put("GREETING", "HTTP/1.1 400 Bad Request");

        assertThat(send()).isInstanceOf(Result.Away.class);
    }
}
