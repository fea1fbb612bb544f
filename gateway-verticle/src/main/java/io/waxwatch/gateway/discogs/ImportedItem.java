package io.waxwatch.gateway.discogs;

import io.waxwatch.gateway.http.JsonWriter;
import java.util.UUID;

/** A watched release that came from a list of the owner's Discogs account; what is unknown is null. */
record ImportedItem(UUID watchReleaseId, long releaseId, Long masterId, String title, String artist, Integer year) {

    static void write(JsonWriter json, ImportedItem item, String source, String siteUrl) {
        json.startObject();
        json.uuid("watch_release_id", item.watchReleaseId);
        json.number("discogs_release_id", item.releaseId);
        json.whole("discogs_master_id", item.masterId);
        json.text("title", item.title);
        json.text("artist", item.artist);
        json.whole("year", item.year);
        json.text("source", source);
        json.text("open_in_discogs_url", url(siteUrl, item.releaseId));
        json.endObject();
    }

    static String url(String siteUrl, long releaseId) {
        return siteUrl + "/release/" + releaseId;
    }
}
