package io.waxwatch.common.settings;

/** Why nothing uses a setting that is still read and checked: each the rest of a sentence. */
final class ReservedBecause {

    static final String NO_SCHEDULED_IMPORTS =
            "imports are asked for by collectors; nothing asks for them on a schedule yet.";
    static final String ONLY_SMTP = "mails leave through SMTP only, which SES speaks too.";
    static final String NO_ERROR_REPORTS = "errors are in the logs and metrics; nothing reports them to Sentry yet.";

    private ReservedBecause() {}
}
