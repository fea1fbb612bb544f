package io.waxwatch.gateway.watchreleases;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.pagination.Cursor;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A watched release as its owner sees it. */
record WatchRelease(UUID id, UUID userId, ReleaseState state, OffsetDateTime createdAt, OffsetDateTime updatedAt) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    static void write(JsonGenerator json, WatchRelease release) throws IOException {
        ReleaseState state = release.state;
        json.writeStartObject();
        JsonOut.uuid(json, "id", release.id);
        JsonOut.uuid(json, "user_id", release.userId);
        json.writeNumberField("discogs_release_id", state.releaseId());
        JsonOut.whole(json, "discogs_master_id", state.masterId());
        JsonOut.text(json, "match_mode", state.mode().wireName());
        JsonOut.text(json, "title", state.title());
        JsonOut.text(json, "artist", state.artist());
        JsonOut.whole(json, "year", state.year());
        JsonOut.money(json, "target_price", state.targetPrice());
        JsonOut.text(json, "currency", state.currency());
        JsonOut.text(json, "min_condition", state.minCondition());
        json.writeBooleanField("is_active", state.active());
        JsonOut.time(json, "created_at", release.createdAt);
        JsonOut.time(json, "updated_at", release.updatedAt);
        json.writeEndObject();
    }
}
