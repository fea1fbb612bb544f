package io.waxwatch.notifier.email;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;

/** Through what mails leave. */
public interface EmailTransport {

    /** What became of one attempt. */
    sealed interface Result {

        /** The other side took the mail over. {@code messageId} is what we call it. */
        record Accepted(String messageId) implements Result {}

        /** This mail will never be taken. {@code code} is short, bounded and ours; {@code told} is for its reader. */
        record Refused(String code, String told) implements Result {}

        /** The reader's mailbox takes no mails, this one or another. */
        record NoMailbox(String code, String told) implements Result {}

        /** This mail is not taken now. */
        record Deferred(String code, String told) implements Result {}

        /**
         * The host refuses us, not the mail: somebody has to mend something.
         *
         * @param all whether it refuses us as a whole, so that other mails need not be tried
         */
        record Held(String code, boolean all) implements Result {}

        /** No mail is taken now: the host is away, silent or closing. This one has surely not left. */
        record Away(String code) implements Result {}

        /** The mail was handed over whole, and the dialogue ended without the host's word: it may have left. */
        record Uncertain(String code) implements Result {}

        /** Nothing was tried: it was not wanted any more when its turn came, or the transport is closing. */
        record NotBegun() implements Result {}
    }

    /**
     * Sends, when its turn comes; never fails. It takes as long as the host takes, and an answer that comes late is the answer.
     *
     * @param wanted asked when its turn has come, just before the mail goes out
     */
    Future<Result> send(Mail mail, BooleanSupplier wanted);

    /** Begins with no further mail; what waits for its turn ends with {@link Result.NotBegun}. */
    void rest();

    /** Ends every dialogue and lets go of its connections; never fails. */
    Future<Void> close();
}
