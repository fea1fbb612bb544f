package io.waxwatch.standalone.mail;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailSinkTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Vertx vertx;
    private MailSink sink;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        sink = new MailSink(vertx, new MailSink.Options(0, 0, 3), Clock.systemUTC(), ZoneOffset.UTC);
        sink.start().await(20, SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close().await(10, SECONDS);
        vertx.close().await(5, SECONDS);
    }

    @Test
    void shows_what_came_over_smtp_as_list_as_page_and_to_scripts() throws Exception {
        send("Björk <Debut> – LP", "plain & simple", "<p>Hello <b>wax</b></p>", "ana@example.com");

        JsonArray messages = new JsonArray(get("/messages.json").body());
        assertThat(messages).hasSize(1);
        JsonObject mail = messages.getJsonObject(0);
        assertThat(mail.getString("subject")).isEqualTo("Björk <Debut> – LP");
        assertThat(mail.getString("from")).isEqualTo("WaxWatch <alerts@waxwatch.test>");
        assertThat(mail.getString("to")).isEqualTo("ana@example.com");
        assertThat(mail.getString("text").strip()).isEqualTo("plain & simple");
        assertThat(mail.getString("html")).contains("<b>wax</b>");
        assertThat(get("/").body()).contains("Björk &lt;Debut&gt; – LP").doesNotContain("<Debut>");
        assertThat(get("/mails/1").body()).contains("plain &amp; simple", "sandbox=", "src=\"/mails/1/html\"");
    }

    @Test
    void lets_no_script_of_a_mail_run() throws Exception {
        send("<script>alert(1)</script>", "x", "<script>alert(2)</script>", "ana@example.com");

        assertThat(get("/").body()).doesNotContain("<script>");
        assertThat(get("/mails/1").body()).doesNotContain("<script>");
        HttpResponse<String> html = get("/mails/1/html");
        assertThat(html.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'", "sandbox")
                .doesNotContain("allow-scripts", "script-src");
    }

    @Test
    void keeps_only_the_newest_and_lists_them_first() throws Exception {
        for (int i = 1; i <= 120; i++) {
            send("mail " + i, "text", null, "ana@example.com");
        }

        assertThat(subjects(get("/messages.json").body())).containsExactly("mail 120", "mail 119", "mail 118");
        assertThat(sink.received()).isEqualTo(120);
        assertThat(get("/mails/1").statusCode()).isEqualTo(404);
    }

    @Test
    void keeps_one_mail_for_each_recipient() throws Exception {
        send("to both", "text", null, "ana@example.com", "ben@example.com");

        assertThat(subjects(get("/messages.json").body())).hasSize(2);
        assertThat(subjects(get("/messages.json?to=BEN%40example.com").body())).hasSize(1);
    }

    @Test
    void smtp_can_go_away_and_come_back_on_its_port() throws Exception {
        int port = sink.smtpPort();
        send("before", "text", null, "ana@example.com");

        sink.stopSmtp().await(10, SECONDS);
        assertThatThrownBy(() -> send("lost", "text", null, "ana@example.com")).isInstanceOf(MessagingException.class);
        sink.startSmtp().await(20, SECONDS);
        send("after", "text", null, "ana@example.com");

        assertThat(sink.smtpPort()).isEqualTo(port);
        assertThat(subjects(get("/messages.json").body())).containsExactly("after", "before");
    }

    @Test
    void answers_unknown_paths_and_methods_plainly() throws Exception {
        assertThat(get("/mails/99").statusCode()).isEqualTo(404);
        assertThat(get("/mails/99999999999999999999").statusCode()).isEqualTo(404);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        HttpRequest delete = HttpRequest.newBuilder(URI.create(sink.mailUrl() + "/"))
                .DELETE()
                .build();
        assertThat(http.send(delete, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    private static List<String> subjects(String json) {
        return new JsonArray(json)
                .stream().map(mail -> ((JsonObject) mail).getString("subject")).toList();
    }

    private void send(String subject, String text, String html, String... recipients) throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.localhost", "localhost");
        properties.setProperty("mail.smtp.port", Integer.toString(sink.smtpPort()));
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("WaxWatch <alerts@waxwatch.test>"));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(subject, StandardCharsets.UTF_8.name());
        if (html == null) {
            message.setText(text, StandardCharsets.UTF_8.name());
        } else {
            MimeBodyPart plainPart = new MimeBodyPart();
            plainPart.setText(text, StandardCharsets.UTF_8.name());
            MimeBodyPart htmlPart = new MimeBodyPart();
            htmlPart.setText(html, StandardCharsets.UTF_8.name(), "html");
            message.setContent(new MimeMultipart("alternative", plainPart, htmlPart));
        }
        Transport.send(message);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(sink.mailUrl() + path)).build(), BodyHandlers.ofString());
    }
}
