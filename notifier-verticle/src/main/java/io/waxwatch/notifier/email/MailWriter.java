package io.waxwatch.notifier.email;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes a mail as it goes on the wire (RFC 5322, MIME): the text and the HTML side by side, in ASCII, no line over 76 but by need. */
final class MailWriter {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** Cannot stand in a part: there every equals sign is followed by two hexadecimal digits or the end of its line. */
    private static final String BOUNDARY = "=_waxwatch_=";

    private final String senderName;
    private final String sender;
    private final Clock clock;

    /**
     * @param senderName what mail programs show; empty for none
     * @param sender the address
     */
    MailWriter(String senderName, String sender, Clock clock) {
        this.senderName = senderName;
        this.sender = sender;
        this.clock = clock;
    }

    /** Head and body, ending with a line's end, without the dot behind them. Only an address that needs it is not in ASCII. */
    String write(Mail mail, MailAddress to) {
        String text = QuotedPrintable.encode(mail.text());
        String html = QuotedPrintable.encode(mail.html());
        var out = new StringBuilder(text.length() + html.length() + 1024);
        header(out, "Date", DATE.format(OffsetDateTime.now(clock).withOffsetSameInstant(ZoneOffset.UTC)));
        header(out, "From", HeaderText.mailbox(senderName, sender, "From: ".length()));
        header(out, "To", to.toString());
        header(out, "Subject", HeaderText.text(mail.subject(), "Subject: ".length()));
        header(out, "Message-ID", mail.messageId());
        // No out-of-office answers, please (RFC 3834).
        header(out, "Auto-Submitted", "auto-generated");
        header(out, "MIME-Version", "1.0");
        header(out, "Content-Type", "multipart/alternative; boundary=\"" + BOUNDARY + "\"");
        out.append("\r\n");
        part(out, "plain", text);
        part(out, "html", html);
        return out.append("--").append(BOUNDARY).append("--\r\n").toString();
    }

    private static void header(StringBuilder out, String name, String value) {
        out.append(name).append(": ").append(value).append("\r\n");
    }

    private static void part(StringBuilder out, String kind, String encoded) {
        out.append("--").append(BOUNDARY).append("\r\n");
        header(out, "Content-Type", "text/" + kind + "; charset=utf-8");
        header(out, "Content-Transfer-Encoding", "quoted-printable");
        out.append("\r\n").append(encoded).append("\r\n");
    }
}
