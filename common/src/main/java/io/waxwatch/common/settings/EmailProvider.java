package io.waxwatch.common.settings;

/** Through what a mail leaves. */
public enum EmailProvider {
    /** Writes a log line and calls it delivered. */
    STUB,
    /** Speaks SMTP to {@code SMTP_HOST}. */
    SMTP
}
