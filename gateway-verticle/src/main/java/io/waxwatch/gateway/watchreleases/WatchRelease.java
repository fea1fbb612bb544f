package io.waxwatch.gateway.watchreleases;

import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.pagination.Cursor;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A watched release as its owner sees it. */
record WatchRelease(UUID id, UUID userId, ReleaseState state, OffsetDateTime createdAt, OffsetDateTime updatedAt) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    static void write(JsonWriter json, WatchRelease release) {
        ReleaseState state = release.state;
        json.startObject();
        json.uuid("id", release.id);
        json.uuid("user_id", release.userId);
        json.number("discogs_release_id", state.releaseId());
        json.whole("discogs_master_id", state.masterId());
        json.text("match_mode", state.mode().wireName());
        json.text("title", state.title());
        json.text("artist", state.artist());
        json.whole("year", state.year());
        json.money("target_price", state.targetPrice());
        json.text("currency", state.currency());
        json.text("min_condition", state.minCondition());
        json.bool("is_active", state.active());
        json.time("created_at", release.createdAt);
        json.time("updated_at", release.updatedAt);
        json.endObject();
    }
}
