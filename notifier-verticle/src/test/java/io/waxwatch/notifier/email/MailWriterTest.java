package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is written is read again by Jakarta Mail, which knows nothing of us. */
class MailWriterTest {

    private final MailWriter writer = new MailWriter(
            "Wachs 💿",
            "alerts@waxwatch.example",
            Clock.fixed(Instant.parse("2026-03-01T08:05:09Z"), ZoneId.of("Asia/Tokyo")));

    private String written(String subject, String text, String html) {
        var mail = new Mail("<1@waxwatch.example>", "collector@köln.example", subject, text, html);
        return writer.write(mail, MailAddress.parse(mail.to()).orElseThrow());
    }

    private static MimeMessage read(String written) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_mail_says_who_when_what_and_in_which_forms() throws Exception {
        String written = written("💿 Blue Train", "text", "<p>html</p>");
        MimeMessage message = read(written);

        assertThat(message.getFrom()[0].toString()).endsWith("<alerts@waxwatch.example>");
        assertThat(((jakarta.mail.internet.InternetAddress) message.getFrom()[0]).getPersonal())
                .isEqualTo("Wachs 💿");
        assertThat(message.getSubject()).isEqualTo("💿 Blue Train");
        assertThat(message.getSentDate()).isEqualTo("2026-03-01T08:05:09Z");
        assertThat(message.getMessageID()).isEqualTo("<1@waxwatch.example>");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(written)
                .contains("Date: Sun, 01 Mar 2026 08:05:09 +0000\r\n", "To: collector@xn--kln-sna.example\r\n");
        MimeMultipart parts = (MimeMultipart) message.getContent();
        assertThat(message.getContentType()).startsWith("multipart/alternative");
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(0).getContentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(parts.getBodyPart(1).getContentType()).isEqualTo("text/html; charset=utf-8");
    }

    @Property
    void any_text_arrives_as_it_is_in_lines_that_every_host_takes(
            @ForAll("texts") String text, @ForAll("texts") String html) throws Exception {
        String written = written("subject", text, html);

        assertThat(written.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat(written).endsWith("\r\n");
        for (String line : written.split("\r\n")) {
            assertThat(line).matches("[ -~]*").hasSizeLessThanOrEqualTo(76).doesNotStartWith(".");
            assertThat(line).doesNotMatch(".*[ \\t]$");
        }
        MimeMultipart parts = (MimeMultipart) read(written).getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo(text.replace("\n", "\r\n"));
        assertThat(parts.getBodyPart(1).getContent()).isEqualTo(html.replace("\n", "\r\n"));
    }

    @Property
    void quoted_printable_is_read_by_others(@ForAll("texts") String text) throws Exception {
        byte[] encoded = QuotedPrintable.encode(text).getBytes(StandardCharsets.US_ASCII);
        try (InputStream decoded = MimeUtility.decode(new ByteArrayInputStream(encoded), "quoted-printable")) {
            assertThat(new String(decoded.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(text.replace("\n", "\r\n"));
        }
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\n",
                "\n",
                ".",
                "\n.",
                "\n.\n",
                "From ",
                "\nFrom me",
                "=",
                "=_waxwatch_=",
                "--=_waxwatch_=\n",
                " ",
                " \n",
                "\t",
                "💿",
                "é",
                "x",
                "x".repeat(74),
                "x".repeat(75),
                "x".repeat(76),
                "x".repeat(77),
                "word ".repeat(20));
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(30).map(list -> String.join("", list)),
                Arbitraries.strings().ofMaxLength(300).map(HeaderlessText::of));
    }

    /** Jakarta Mail turns bare carriage returns and halves of pairs into something else, and so do we. */
    private static final class HeaderlessText {
        static String of(String raw) {
            return new String(raw.replace("\r", "").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        }
    }
}
