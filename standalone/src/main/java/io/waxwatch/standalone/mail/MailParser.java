package io.waxwatch.standalone.mail;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes out of a MIME message what the page shows. Attachments are left out. */
final class MailParser {
    /** No part is kept beyond this: the sink holds hundreds of mails in memory. */
    static final int MAX_CHARS = 256 * 1024;

    private static final int MAX_DEPTH = 8;

    private MailParser() {}

    static ReceivedMail parse(long id, MimeMessage message, String recipient, Instant receivedAt) {
        try {
            return new ReceivedMail(
                    id,
                    addresses(message.getFrom()),
                    recipient,
                    Optional.ofNullable(message.getSubject()).orElse(""),
                    receivedAt,
                    find(message, "text/plain", 0),
                    find(message, "text/html", 0));
        } catch (MessagingException | IOException e) {
            // A mail that cannot be read is still a mail that came: show it and why.
            return new ReceivedMail(
                    id, "", recipient, "(unreadable mail)", receivedAt, Optional.of(e.toString()), Optional.empty());
        }
    }

    private static String addresses(Address[] addresses) {
        if (addresses == null) {
            return "";
        }
        return Arrays.stream(addresses)
                .map(address -> address instanceof InternetAddress internet ? internet.toUnicodeString() : "" + address)
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> find(Part part, String type, int depth) throws MessagingException, IOException {
        if (depth > MAX_DEPTH || Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition())) {
            return Optional.empty();
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                Optional<String> found = find(parts.getBodyPart(i), type, depth + 1);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        return part.isMimeType(type) && part.getContent() instanceof String content
                ? Optional.of(content.length() > MAX_CHARS ? content.substring(0, MAX_CHARS) : content)
                : Optional.empty();
    }
}
