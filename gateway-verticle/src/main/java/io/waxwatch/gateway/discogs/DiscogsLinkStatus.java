package io.waxwatch.gateway.discogs;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
import java.time.OffsetDateTime;

/**
 * How a caller stands with Discogs.
 *
 * @param externalUserId null without a link
 * @param connectedAt null without a link
 */
record DiscogsLinkStatus(String externalUserId, OffsetDateTime connectedAt, boolean hasToken) {

    static final DiscogsLinkStatus NONE = new DiscogsLinkStatus(null, null, false);

    /** What an adopted link is called whose authorization was never finished. */
    private static final String PENDING = "pending";

    boolean connected() {
        return hasToken && !PENDING.equals(externalUserId);
    }

    static void write(JsonGenerator json, DiscogsLinkStatus status) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("connected", status.connected());
        JsonOut.text(json, "provider", "discogs");
        JsonOut.text(json, "external_user_id", status.externalUserId);
        JsonOut.time(json, "connected_at", status.connectedAt);
        json.writeBooleanField("has_access_token", status.hasToken);
        json.writeEndObject();
    }
}
