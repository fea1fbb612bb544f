package io.waxwatch.notifier.email;

/** What the host is asked for, or is given, when it answers. */
enum SmtpStep {
    GREETING,
    EHLO,
    STARTTLS,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    /** The dot behind the mail's text. */
    END,
    RSET;

    /** Whether it comes before any mail: then it is about the connection. */
    boolean ofSession() {
        return compareTo(MAIL) < 0;
    }
}
