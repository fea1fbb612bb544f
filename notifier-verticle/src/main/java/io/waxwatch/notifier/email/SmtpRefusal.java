package io.waxwatch.notifier.email;

/** A host's refusal. */
final class SmtpRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final SmtpStep step;
    private final transient SmtpReply reply;

    SmtpRefusal(SmtpStep step, SmtpReply reply) {
        super(step + ": " + reply.told(), null, false, false);
        this.step = step;
        this.reply = reply;
    }

    SmtpStep step() {
        return step;
    }

    SmtpReply reply() {
        return reply;
    }

    SmtpVerdict verdict() {
        return SmtpVerdict.of(step, reply);
    }
}
