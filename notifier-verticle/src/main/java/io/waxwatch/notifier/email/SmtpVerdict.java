package io.waxwatch.notifier.email;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whom a refusal is about. Which command it answers does not tell: Postfix says what it has against a client, its name or its sender
 * only at {@code RCPT}. The enhanced status code (RFC 3463) tells, and where there is none (Exim gives none) the words and the
 * basic code (RFC 5321, 4.2.3).
 *
 * <p>In doubt a mail is held rather than lost, and an address is kept rather than suppressed.
 */
enum SmtpVerdict {
    /** The host does not take mails now, whoever they are for: wait for it. */
    AWAY,
    /** The host refuses us: our address, name, login or sender, or what we are allowed to send. Somebody has to mend something. */
    US,
    /** Not now, this mail or this reader: try again. */
    LATER,
    /** There is no such mailbox, or it takes nothing: it will not take the next mail either. */
    MAILBOX,
    /** This one mail will never be taken. */
    MAIL;

    private static final int ADDRESS = 1;
    private static final int MAILBOX_STATUS = 2;
    private static final int SYSTEM = 3;
    private static final int PROTOCOL = 5;
    private static final int CONTENT = 6;
    private static final int POLICY = 7;

    private static final Pattern GREYLISTED = Pattern.compile(
            "gr[ea]y[- ]?list|early retry|try again (?:later|in)|come back (?:later|in)|retry (?:later|in)|deferred for|temporarily deferred",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SENDERS_FAULT = Pattern.compile(
            "sender|helo|ehlo|relay|client host|your (?:ip|host|domain|server|message|mail)|black[- ]?list|block[- ]?list|blocked|spam|reputation"
                    + "|authenticat|not permitted|not allowed|\\bspf\\b|dkim|dmarc|reverse (?:dns|hostname)|\\brbl\\b|dnsbl|spamhaus|policy",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NO_MAILBOX = Pattern.compile(
            "mailbox (?:is )?(?:unavailable|not found|disabled|full)|(?:no such|unknown|invalid) (?:user|recipient|mailbox)|user (?:unknown|not found)"
                    + "|recipient (?:unknown|not found)|does not exist|over quota",
            Pattern.CASE_INSENSITIVE);

    /** Who refuses what, of a reply that is not well. */
    static SmtpVerdict of(SmtpStep step, SmtpReply reply) {
        int code = reply.code();
        if (code == 421) {
            return AWAY;
        }
        // Login needed, refused, too weak, or only with encryption (RFC 4954); sequence, syntax, parameters.
        if (code == 530 || code == 534 || code == 535 || code == 538) {
            return US;
        }
        if (step.ofSession()) {
            return reply.isFinal() || code == 432 ? US : AWAY;
        }
        if (reply.subject() >= 0) {
            return byEnhancedCode(step, reply);
        }
        return reply.isFinal() ? byFinalCode(step, reply) : byTemporaryCode(step, reply);
    }

    private static SmtpVerdict byEnhancedCode(SmtpStep step, SmtpReply reply) {
        int detail = reply.detail();
        switch (reply.subject()) {
            case ADDRESS:
                // The sender's syntax, or a domain of it that is none (Postfix says it at RCPT); 5.1.0 is said of both.
                boolean sender = step == SmtpStep.MAIL
                        || detail == 7
                        || detail == 8
                        || detail == 0 && says(SENDERS_FAULT, reply) && !says(NO_MAILBOX, reply);
                return sender ? US : finalOr(MAILBOX, reply);
            case MAILBOX_STATUS:
                // 5.2.3: this mail is too long for it.
                return detail == 3 ? finalOr(MAIL, reply) : finalOr(MAILBOX, reply);
            case PROTOCOL:
                // Outlook.com's word for a mailbox that is none is 550 5.5.0.
                return detail == 0 && step == SmtpStep.RCPT && says(NO_MAILBOX, reply) ? finalOr(MAILBOX, reply) : US;
            case CONTENT:
                // 5.6.7: it takes no address outside ASCII.
                return detail == 7 ? finalOr(MAILBOX, reply) : finalOr(MAIL, reply);
            case POLICY:
                // Who greylists says 4.7.1 as often as 4.2.0, and so does a filter of the host's that is away.
                return !reply.isFinal() && says(GREYLISTED, reply) ? LATER : US;
            default:
                return step == SmtpStep.MAIL ? ofSender(reply) : finalOr(MAIL, reply);
        }
    }

    private static SmtpVerdict byFinalCode(SmtpStep step, SmtpReply reply) {
        if (step == SmtpStep.MAIL) {
            return ofSender(reply);
        }
        if (step == SmtpStep.RCPT) {
            return switch (reply.code()) {
                case 550, 551, 553 -> says(SENDERS_FAULT, reply) && !says(NO_MAILBOX, reply) ? US : MAILBOX;
                // The address' syntax; its mailbox is full; its domain takes no mail (RFC 7504).
                case 501, 552, 556 -> says(SENDERS_FAULT, reply) ? US : MAILBOX;
                default -> US;
            };
        }
        return switch (reply.code()) {
            // No such command, no such sequence, no such parameter: not what a mail can be blamed for.
            case 500, 501, 502, 503, 504, 555 -> US;
            default -> MAIL;
        };
    }

    private static SmtpVerdict byTemporaryCode(SmtpStep step, SmtpReply reply) {
        if (step == SmtpStep.MAIL) {
            return ofSender(reply);
        }
        // 454 is "relay access denied" where it is said without the enhanced code, 455 a parameter.
        boolean us = reply.code() == 454 || reply.code() == 455;
        return us && !says(GREYLISTED, reply) ? US : LATER;
    }

    /** At MAIL only the sender, and the size, are known. */
    private static SmtpVerdict ofSender(SmtpReply reply) {
        if (!reply.isFinal()) {
            return AWAY;
        }
        boolean tooLarge = reply.code() == 552 || reply.subject() == SYSTEM && reply.detail() == 4;
        return tooLarge ? MAIL : US;
    }

    private static SmtpVerdict finalOr(SmtpVerdict verdict, SmtpReply reply) {
        return reply.isFinal() ? verdict : LATER;
    }

    private static boolean says(Pattern words, SmtpReply reply) {
        return words.matcher(reply.words()).find();
    }

    /** What to look at when the host refuses us so. */
    static String advice(SmtpStep step, SmtpReply reply) {
        String words = reply.words().toLowerCase(Locale.ROOT);
        if (step == SmtpStep.AUTH || reply.code() >= 530 && reply.code() <= 538) {
            return "check SMTP_USERNAME, SMTP_PASSWORD and SMTP_STARTTLS";
        }
        if (step == SmtpStep.STARTTLS) {
            return "no usable encryption: check SMTP_HOST, SMTP_PORT, SMTP_STARTTLS, and whether this JVM trusts the host's certificate";
        }
        if (step == SmtpStep.EHLO || reply.code() == 504 || words.contains("helo")) {
            return "set SMTP_EHLO_NAME to a full name that the DNS knows";
        }
        if (words.contains("relay")) {
            return "let the host relay for us: by SMTP_USERNAME, or by its list of networks";
        }
        if (step == SmtpStep.GREETING || words.contains("client host") || words.contains("spamhaus")) {
            return "the host does not want our network address: ask who runs it, or send through another SMTP_HOST";
        }
        if (step == SmtpStep.MAIL || words.contains("sender")) {
            return "check NOTIFICATION_SENDER_EMAIL: the host does not take mails of that sender from us";
        }
        if (of(step, reply) == MAILBOX) {
            return "the host has taken no mail of ours for anybody, so it may not be meant to relay for us: check SMTP_HOST and SMTP_USERNAME";
        }
        return "the host's policy refuses us: check the sender's domain (SPF, DKIM, DMARC) and its reputation";
    }
}
