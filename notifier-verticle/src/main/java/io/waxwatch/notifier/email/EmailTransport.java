package io.waxwatch.notifier.email;

import io.vertx.core.Future;

/** Through what mails leave. */
public interface EmailTransport {

    /** What became of one attempt. */
    sealed interface Result {

        /** The other side took the mail over. {@code messageId} is what it or we call it. */
        record Accepted(String messageId) implements Result {}

        /** This mail will never be taken. {@code code} is short, bounded and ours. */
        record Refused(String code) implements Result {}

        /** This mail is not taken now. */
        record Deferred(String code) implements Result {}

        /** No mail is taken now: the host is away, silent, closing, or does not let us in. */
        record Away(String code) implements Result {}
    }

    /** Sends; ends within its deadline and never fails. A silence is {@link Result.Away}, though the mail may have left. */
    Future<Result> send(Mail mail);

    /** Lets go of its connections; never fails. */
    Future<Void> close();
}
