package io.waxwatch.common.bus;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Every message that crosses the event bus: immutable, small, and never the only copy of anything. Each record tells
 * what losing it, repeating it and receiving it late means. Fields may be added (readers ignore what they do not know,
 * and see null or zero for what an older writer left out); a changed meaning takes a new record.
 */
public sealed interface BusMessage {

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
     * @param firstLook whether it is a query's first look, over what is listed already
     * @param users some of those for whom it is; empty for what serves everybody
     */
    record PollDue(
            UUID pollId,
            String provider,
            String kind,
            String key,
            int intervalSeconds,
            long fence,
            String runId,
            boolean firstLook,
            List<UUID> users)
            implements BusMessage {

        public PollDue {
            users = users == null ? List.of() : List.copyOf(users);
        }

        /** A poll that is due again, for everybody. */
        public PollDue(
                UUID pollId, String provider, String kind, String key, int intervalSeconds, long fence, String runId) {
            this(pollId, provider, kind, key, intervalSeconds, fence, runId, false, List.of());
        }
    }

    /**
     * The answer to {@link PollDue}: its outcome is committed (or was not ours to commit).
     * Lost: the scheduler counts the poll as unacknowledged until the lease ends. Repeated or late: ignored.
     *
     * @param pollId the poll
     * @param outcome {@code success}, {@code failed}, {@code stale}, or {@code deferred}: there is no quota for it now, and it was
     *     not begun
     * @param retryAfterMillis when a deferred one is worth another try; 0 otherwise
     */
    record PollAnswered(UUID pollId, String outcome, long retryAfterMillis) implements BusMessage {

        /** One that is done with. */
        public PollAnswered(UUID pollId, String outcome) {
            this(pollId, outcome, 0);
        }
    }

    /**
     * Rules or watch releases changed up to this revision.
     * Lost: each ingest catches up by itself, and backfills are swept. Repeated or late: nothing to catch up.
     */
    record WatchesChanged(long revision) implements BusMessage {}

    /**
     * Notifications were committed and wait for delivery.
     * Lost: the notifier's sweep finds them. Repeated or late: the claim finds nothing.
     */
    record NotificationReady(int count) implements BusMessage {}

    /**
     * Users' streams have grown to at least these stream ids.
     * Lost: the gateway's sweep finds it. Repeated or late: the stream is already past it.
     *
     * @param to the highest new stream id of each user, of one batch of notifications
     */
    record StreamsGrown(Map<UUID, Long> to) implements BusMessage {
        public StreamsGrown {
            to = Map.copyOf(to);
        }
    }

    /**
     * A collector's search, to be put to one marketplace.
     * Lost: the asker's deadline ends and the search says that this marketplace did not answer. Repeated: one more call
     * upstream. Late: the answer reaches nobody.
     *
     * @param userId on whose behalf; the calls are logged as theirs
     * @param words what to look for, as the collector wrote it; may be empty
     * @param requestId of the request, for the logs
     */
    record SearchAsked(UUID userId, String words, String requestId) implements BusMessage {}

    /**
     * The answer to {@link SearchAsked}. Lost: as above. Repeated or late: ignored.
     *
     * @param hits what was found, each once, in the marketplace's order
     * @param more whether the marketplace has further rows that were not read
     */
    record SearchAnswered(List<SearchHit> hits, boolean more) implements BusMessage {
        public SearchAnswered {
            hits = hits == null ? List.of() : List.copyOf(hits);
        }
    }

    /**
     * A user wants to link a Discogs account: please get a request token.
     * Lost or late: nothing was linked, the user starts again. Repeated: a second pending authorization, each good for itself.
     *
     * @param userId who wants it
     * @param scopes as the user gave them; empty for the configured ones
     */
    record DiscogsLinkStart(UUID userId, List<String> scopes) implements BusMessage {}

    /**
     * The answer to {@link DiscogsLinkStart}.
     * Lost or late: the pending authorization expires. Repeated: ignored.
     *
     * @param authorizeUrl the page of Discogs to send the user to
     * @param state to be given back when the user returns
     * @param expiresAt ISO 8601; afterwards the state is worth nothing
     */
    record DiscogsLinkStarted(String authorizeUrl, String state, List<String> scopes, String expiresAt)
            implements BusMessage {

        @Override
        public String toString() {
            return "DiscogsLinkStarted[" + expiresAt + "]";
        }
    }

    /**
     * The user is back from Discogs: please turn the verifier into an access token.
     * Lost or late: the state stays good until it expires, or was used up and the link is there. Repeated: refused, the state is used up.
     *
     * @param userId who came back
     * @param state as in {@link DiscogsLinkStarted}
     * @param code the OAuth verifier; a secret
     */
    record DiscogsLinkFinish(UUID userId, String state, String code) implements BusMessage {

        @Override
        public String toString() {
            return "DiscogsLinkFinish[" + userId + "]";
        }
    }

    /**
     * A user gives an account's name and perhaps a personal token: please check and store them.
     * Lost or late: may have been stored all the same; the status tells. Repeated: stores the same again.
     *
     * @param userId who gives it
     * @param externalUserId the name of the Discogs account
     * @param accessToken a secret; null for none
     * @param metadata a JSON object of the caller's; null for none
     */
    record DiscogsConnect(UUID userId, String externalUserId, String accessToken, String metadata)
            implements BusMessage {

        @Override
        public String toString() {
            return "DiscogsConnect[" + userId + "]";
        }
    }

    /**
     * The answer to {@link DiscogsLinkFinish} and {@link DiscogsConnect}: the account is linked, and committed.
     * Lost, repeated or late: the row is the truth, the status tells.
     *
     * @param externalUserId the name of the Discogs account
     * @param connectedAt ISO 8601
     */
    record DiscogsLinked(String externalUserId, String connectedAt) implements BusMessage {}

    /**
     * A user wants the link gone.
     * Lost or late: may be gone all the same; the status tells. Repeated: there is none any more.
     */
    record DiscogsDisconnect(UUID userId) implements BusMessage {}

    /**
     * The answer to {@link DiscogsDisconnect}, committed.
     * Lost, repeated or late: the row is the truth.
     *
     * @param disconnected false when there was no link
     */
    record DiscogsDisconnected(boolean disconnected) implements BusMessage {}

    /**
     * A user wants wantlist, collection or both imported.
     * Lost: nothing was started, the user asks again. Repeated or late: the job in flight is answered.
     *
     * @param userId whose lists
     * @param source {@code wantlist}, {@code collection} or {@code both}
     */
    record DiscogsImport(UUID userId, String source) implements BusMessage {}

    /**
     * The answer to {@link DiscogsImport}: the job's row is committed, and will be done.
     * Lost, repeated or late: the job goes on; asking again answers the same one.
     *
     * @param jobId the job
     * @param created false when one was in flight already
     */
    record DiscogsImportStarted(UUID jobId, boolean created) implements BusMessage {}

    /**
     * A user wants to watch every release of a master, and has named one of them: which master is that?
     * Lost: the asker's deadline ends and the user is told to name the master, or to try again. Repeated: answered from
     * memory. Late: the answer reaches nobody.
     *
     * @param releaseId Discogs release id
     * @param userId on whose behalf; the call is logged as theirs
     * @param requestId of the request, for the logs
     */
    record ReleaseMasterAsked(long releaseId, UUID userId, String requestId) implements BusMessage {}

    /**
     * The answer to {@link ReleaseMasterAsked}. Lost: as above. Repeated or late: ignored.
     *
     * @param masterId Discogs master id; null for a release that has none
     */
    record ReleaseMasterTold(Long masterId) implements BusMessage {}

    /**
     * Which marketplaces are in use, and what for?
     * Lost: the gateway tells what it presumes. Repeated or late: another answer of the same.
     *
     * @param requestId of the request, for the logs
     */
    record ProvidersAsked(String requestId) implements BusMessage {}

    /** The answer to {@link ProvidersAsked}. Lost: as above. Repeated or late: ignored. */
    record ProvidersTold(List<ProviderState> providers) implements BusMessage {
        public ProvidersTold {
            providers = providers == null ? List.of() : List.copyOf(providers);
        }
    }

    /**
     * eBay, or somebody who claims to be, has sent a notification: judge it, and do what it asks.
     * Lost or late: the sender is told to come again. Repeated: handled once, by the notification's own id.
     *
     * @param body its bytes as they came, in base64, for the signature is over the bytes
     * @param signature the header {@code X-EBAY-SIGNATURE}; null for none
     */
    record EbayNotification(String body, String signature) implements BusMessage {

        /** Leaves the account's name out. */
        @Override
        public String toString() {
            return "EbayNotification[" + body.length() + "]";
        }
    }

    /**
     * The answer to {@link EbayNotification}, committed. Lost, repeated or late: the sender comes again.
     *
     * @param outcome {@link #DONE}, {@link #BAD_SIGNATURE} or {@link #NOT_UNDERSTOOD}
     */
    record EbayNotificationTaken(String outcome) implements BusMessage {
        /** What was known of the account is gone, now or since an earlier delivery. */
        public static final String DONE = "done";
        /** Not eBay's. */
        public static final String BAD_SIGNATURE = "bad_signature";
        /** eBay's, but not of a closed account as far as we can tell. */
        public static final String NOT_UNDERSTOOD = "not_understood";
    }

    /**
     * On a developer's machine: take this listing as if a marketplace had shown it.
     * Lost: nothing happened, or it did and only the answer is missing. Repeated: the listing is known, its price the same.
     *
     * @param price the fixed price
     * @param raw JSON of the row, in the marketplace's own words; null for none
     */
    record DevListing(
            String provider,
            String externalId,
            String url,
            String title,
            BigDecimal price,
            String currency,
            String condition,
            String seller,
            String location,
            Long discogsReleaseId,
            Long discogsMasterId,
            String raw)
            implements BusMessage {}

    /**
     * The answer to {@link DevListing}: it is committed. Lost, repeated or late: ignored.
     *
     * @param listingId as stored; null when it could not be stored truthfully
     * @param matches alerts that it brought, of all collectors
     */
    record DevListingTaken(UUID listingId, boolean created, boolean repriced, int matches) implements BusMessage {}

    /**
     * On a developer's machine: ask the marketplaces for this rule now, whatever its schedule says.
     * Lost: nothing happened, or it did and only the answer is missing. Repeated: one more call upstream.
     *
     * @param limit most listings to read, 1..50
     */
    record DevRuleRun(UUID ruleId, int limit) implements BusMessage {}

    /** The answer to {@link DevRuleRun}: its outcome is committed. Lost, repeated or late: ignored. */
    record DevRuleRan(int fetched, int created, int repriced, int matches) implements BusMessage {}
}
