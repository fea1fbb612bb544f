package io.waxwatch.gateway.discogs;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
import java.util.UUID;

/** A watched release that came from a list of the owner's Discogs account; what is unknown is null. */
record ImportedItem(UUID watchReleaseId, long releaseId, Long masterId, String title, String artist, Integer year) {

    static void write(JsonGenerator json, ImportedItem item, String source, String siteUrl) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "watch_release_id", item.watchReleaseId);
        json.writeNumberField("discogs_release_id", item.releaseId);
        JsonOut.whole(json, "discogs_master_id", item.masterId);
        JsonOut.text(json, "title", item.title);
        JsonOut.text(json, "artist", item.artist);
        JsonOut.whole(json, "year", item.year);
        JsonOut.text(json, "source", source);
        JsonOut.text(json, "open_in_discogs_url", url(siteUrl, item.releaseId));
        json.writeEndObject();
    }

    static String url(String siteUrl, long releaseId) {
        return siteUrl + "/release/" + releaseId;
    }
}
