package io.waxwatch.common.bus;

import java.util.List;
import java.util.UUID;

/**
 * Every message that crosses the event bus: immutable, small, and never the only copy of anything. Each record tells
 * what losing it, repeating it and receiving it late means. Fields may be added (readers ignore what they do not know,
 * and see null or zero for what an older writer left out); a changed meaning takes a new record.
 */
public sealed interface Wire {

    /**
     * A claimed poll, to be done by one provider verticle.
     * Lost: the lease expires and the poll is due again. Repeated or late: the fence is stale, the outcome changes nothing.
     *
     * @param pollId the poll
     * @param provider wire name of the provider, such as {@code ebay}
     * @param kind wire name of the poll kind, such as {@code sweep}
     * @param key what to ask upstream, in the kind's own canonical form
     * @param intervalSeconds the poll's interval, in seconds, from which its next due time follows
     * @param fence the claim's number; an outcome commits only under the present one
     * @param runId carried through the logs from claim to delivery
     */
    record PollDue(UUID pollId, String provider, String kind, String key, int intervalSeconds, long fence, String runId)
            implements Wire {}

    /**
     * The answer to {@link PollDue}: its outcome is committed (or was not ours to commit).
     * Lost: the scheduler counts the poll as unacknowledged until the lease ends. Repeated or late: ignored.
     *
     * @param pollId the poll
     * @param outcome {@code success}, {@code failed} or {@code stale}
     */
    record PollAnswered(UUID pollId, String outcome) implements Wire {}

    /**
     * Rules or watch releases changed up to this revision.
     * Lost: each ingest catches up by itself, and first looks are swept. Repeated or late: nothing to catch up.
     */
    record WatchesChanged(long revision) implements Wire {}

    /**
     * Notifications were committed and wait for delivery.
     * Lost: the notifier's sweep finds them. Repeated or late: the claim finds nothing.
     */
    record NotificationReady(int count) implements Wire {}

    /**
     * A user's stream has grown to at least this stream id.
     * Lost: the gateway's sweep finds it. Repeated or late: the stream is already past it.
     */
    record NotificationRealtime(UUID userId, long streamId) implements Wire {}

    /**
     * A collector's search, to be put to one marketplace.
     * Lost: the asker's deadline ends and the search says that this marketplace did not answer. Repeated: one more call
     * upstream. Late: the answer reaches nobody.
     *
     * @param userId on whose behalf; the calls are logged as theirs
     * @param words what to look for, as the collector wrote it; may be empty
     * @param requestId of the request, for the logs
     */
    record SearchAsked(UUID userId, String words, String requestId) implements Wire {}

    /**
     * The answer to {@link SearchAsked}. Lost: as above. Repeated or late: ignored.
     *
     * @param hits what was found, each once, in the marketplace's order
     * @param more whether the marketplace has further rows that were not read
     */
    record SearchAnswered(List<SearchHit> hits, boolean more) implements Wire {
        public SearchAnswered {
            hits = hits == null ? List.of() : List.copyOf(hits);
        }
    }
}
