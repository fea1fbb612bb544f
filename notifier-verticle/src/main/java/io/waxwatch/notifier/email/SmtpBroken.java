package io.waxwatch.notifier.email;

/** A dialogue that ended before its end: closed, silent, or no SMTP. */
final class SmtpBroken extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code short, bounded and ours */
    SmtpBroken(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }
}
