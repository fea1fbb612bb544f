package io.waxwatch.standalone.mail;

import java.time.Instant;
import java.util.Optional;

/**
 * One mail as one recipient got it.
 *
 * @param id grows with arrival, from 1
 * @param from the sender as its header shows it
 * @param to the recipient of the envelope, so a blind copy shows too
 * @param subject decoded; empty when absent
 * @param receivedAt when the server took it
 * @param text the plain part, cut at {@link MailParser#MAX_CHARS}
 * @param html the HTML part, likewise
 */
record ReceivedMail(
        long id,
        String from,
        String to,
        String subject,
        Instant receivedAt,
        Optional<String> text,
        Optional<String> html) {}
