package io.waxwatch.gateway.discogs;

import io.waxwatch.gateway.http.JsonWriter;
import java.time.OffsetDateTime;

/**
 * How a caller stands with Discogs.
 *
 * @param externalUserId null without a link
 * @param connectedAt null without a link
 * @param waitingReason why the account's import cannot go on at present; null when none waits
 */
record DiscogsLinkStatus(String externalUserId, OffsetDateTime connectedAt, boolean hasToken, String waitingReason) {

    static final DiscogsLinkStatus NONE = new DiscogsLinkStatus(null, null, false, null);

    /** What an adopted link is called whose authorization was never finished. */
    private static final String PENDING = "pending";

    boolean connected() {
        return hasToken && !PENDING.equals(externalUserId);
    }

    static void write(JsonWriter json, DiscogsLinkStatus status) {
        json.startObject();
        json.bool("connected", status.connected());
        json.text("provider", "discogs");
        json.text("external_user_id", status.externalUserId);
        json.time("connected_at", status.connectedAt);
        json.bool("has_access_token", status.hasToken);
        json.text("waiting_reason", status.waitingReason);
        json.endObject();
    }
}
