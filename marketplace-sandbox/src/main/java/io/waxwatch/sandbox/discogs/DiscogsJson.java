package io.waxwatch.sandbox.discogs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.market.Floor;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * Writes records as Discogs does: years sometimes as text, prices as bare numbers in dollars, pictures without an address for
 * who does not say who they are.
 *
 * @param apiBase what {@code resource_url} starts with
 * @param webBase what links to pages and images start with
 * @param authenticated anonymous callers get no images
 */
record DiscogsJson(String apiBase, String webBase, boolean authenticated) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT)
            .withZone(ZoneId.of("America/Los_Angeles"));

    /** With the offset of where Discogs is. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    JsonObject release(Pressing pressing, Floor floor) {
        var notes = new LinerNotes(pressing);
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("status", "Accepted")
                .put("year", pressing.year())
                .put("resource_url", releaseUrl(pressing))
                .put("uri", webBase + "/release/" + pressing.releaseId())
                .put("artists", artists(pressing))
                .put("artists_sort", pressing.displayArtist())
                .put("labels", new JsonArray().add(company(pressing.label(), pressing.catno(), "1", "Label")))
                .put("series", series(pressing, notes))
                .put("companies", new JsonArray().add(company(notes.plant(), "", "17", "Pressed By")))
                .put("formats", formats(pressing))
                .put("format_quantity", pressing.discs())
                .put("title", pressing.title())
                .put("country", pressing.country())
                .put("released", released(pressing))
                .put("released_formatted", String.valueOf(pressing.year()))
                .put("notes", "Invented for the WaxWatch sandbox.\r\nPressed at [l=" + notes.plant() + "].")
                .put("genres", new JsonArray().add(pressing.genre()))
                .put("styles", new JsonArray().add(pressing.style()))
                .put(
                        "identifiers",
                        new JsonArray()
                                .add(identifier("Barcode", pressing.barcode(), null))
                                .add(identifier("Matrix / Runout", pressing.catno() + "-A", "Side A"))
                                .add(identifier("Matrix / Runout", pressing.catno() + "-B", "Side B")))
                .put("tracklist", tracklist(notes, false))
                .put("extraartists", credits(notes.credits()))
                .put("videos", videos(pressing, notes))
                .put("community", community(notes))
                .put("master_id", pressing.masterId())
                .put("master_url", apiBase + "/masters/" + pressing.masterId())
                .put("num_for_sale", floor.numForSale())
                .put("lowest_price", dollars(floor))
                .put("blocked_from_sale", false)
                .put("estimated_weight", notes.weight())
                .put("date_added", time(notes.added()))
                .put("date_changed", time(notes.changed()))
                .put("data_quality", "Correct")
                .put("thumb", thumb(pressing))
                .put("images", images(pressing));
    }

    /** @param floors of each version, to be summed up */
    JsonObject master(List<Pressing> versions, Function<Pressing, Floor> floors) {
        Pressing main = versions.get(0);
        Pressing recent = versions.get(versions.size() - 1);
        var notes = new LinerNotes(main);
        BigDecimal lowest = versions.stream()
                .map(floors)
                .map(DiscogsJson::dollars)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new JsonObject()
                .put("id", main.masterId())
                .put("main_release", main.releaseId())
                .put("most_recent_release", recent.releaseId())
                .put("resource_url", apiBase + "/masters/" + main.masterId())
                .put("uri", webBase + "/master/" + main.masterId())
                .put("versions_url", apiBase + "/masters/" + main.masterId() + "/versions")
                .put("main_release_url", releaseUrl(main))
                .put("most_recent_release_url", releaseUrl(recent))
                .put(
                        "num_for_sale",
                        versions.stream()
                                .map(floors)
                                .mapToInt(Floor::numForSale)
                                .sum())
                .put("lowest_price", lowest)
                .put("images", images(main))
                .put("genres", new JsonArray().add(main.genre()))
                .put("styles", new JsonArray().add(main.style()))
                .put("year", main.year())
                .put("tracklist", tracklist(notes, true))
                .put("artists", artists(main))
                .put("title", main.title())
                .put("notes", "Invented for the WaxWatch sandbox.")
                .put("data_quality", "Correct")
                .put("videos", videos(main, notes));
    }

    JsonObject version(Pressing pressing) {
        var notes = new LinerNotes(pressing);
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("label", pressing.label())
                .put("country", pressing.country())
                .put("title", pressing.title())
                .put("major_formats", new JsonArray().add("Vinyl"))
                .put("format", pressing.format())
                .put("catno", pressing.catno())
                .put("released", String.valueOf(pressing.year()))
                .put("status", "Accepted")
                .put("resource_url", releaseUrl(pressing))
                .put("thumb", thumb(pressing))
                .put(
                        "stats",
                        new JsonObject()
                                .put("community", shelved(notes.want(), notes.have()))
                                .put("user", shelved(0, 0)));
    }

    /** A search row; for a master the id is the master's. */
    JsonObject searchRow(Pressing pressing, boolean asMaster) {
        long id = asMaster ? pressing.masterId() : pressing.releaseId();
        String type = asMaster ? "master" : "release";
        var notes = new LinerNotes(pressing);
        var json = new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("title", pressing.artist() + " - " + pressing.title())
                .put("country", pressing.country())
                .put("year", String.valueOf(pressing.year()))
                .put("format", formatWords(pressing))
                .put("label", new JsonArray().add(pressing.label()).add(notes.plant()))
                .put("catno", pressing.catno())
                .put("genre", new JsonArray().add(pressing.genre()))
                .put("style", new JsonArray().add(pressing.style()))
                .put("barcode", new JsonArray().add(pressing.barcode()))
                .put("user_data", userData())
                .put("master_id", pressing.masterId())
                .put("master_url", apiBase + "/masters/" + pressing.masterId())
                .put("uri", "/" + type + "/" + id)
                .put("resource_url", apiBase + "/" + type + "s/" + id)
                .put("thumb", thumb(pressing))
                .put("cover_image", thumb(pressing))
                .put("community", new JsonObject().put("want", notes.want()).put("have", notes.have()));
        if (!asMaster) {
            json.put("format_quantity", pressing.discs()).put("formats", formats(pressing));
        }
        return json;
    }

    /** A search row of an artist or a label. */
    JsonObject nameRow(String kind, String name) {
        long id = DiscogsNames.id(name);
        return new JsonObject()
                .put("id", id)
                .put("type", kind)
                .put("title", name)
                .put("user_data", userData())
                .putNull("master_id")
                .putNull("master_url")
                .put("uri", "/" + kind + "/" + id)
                .put("resource_url", apiBase + "/" + kind + "s/" + id)
                .put("thumb", "")
                .put("cover_image", "");
    }

    /** An artist or a label by itself. */
    JsonObject name(String kind, String name) {
        String url = apiBase + "/" + kind + "s/" + DiscogsNames.id(name);
        return new JsonObject()
                .put("id", DiscogsNames.id(name))
                .put("name", name)
                .put("profile", "Invented for the WaxWatch sandbox.")
                .put("resource_url", url)
                .put("releases_url", url + "/releases")
                .put("uri", webBase + "/" + kind + "/" + DiscogsNames.id(name))
                .put("urls", new JsonArray())
                .put("images", new JsonArray())
                .put("data_quality", "Needs Vote");
    }

    /** A row of what an artist or a label brought out. */
    JsonObject nameRelease(Pressing pressing) {
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("type", "release")
                .put("status", "Accepted")
                .put("artist", pressing.artist())
                .put("title", pressing.title())
                .put("role", "Main")
                .put("label", pressing.label())
                .put("catno", pressing.catno())
                .put("format", pressing.format())
                .put("year", pressing.year())
                .put("thumb", thumb(pressing))
                .put("resource_url", releaseUrl(pressing));
    }

    /** What wantlists and collections tell of a record. */
    JsonObject basic(Pressing pressing) {
        return new JsonObject()
                .put("id", pressing.releaseId())
                .put("master_id", pressing.masterId())
                .put("master_url", apiBase + "/masters/" + pressing.masterId())
                .put("resource_url", releaseUrl(pressing))
                .put("title", pressing.title())
                .put("year", pressing.year())
                .put("formats", formats(pressing))
                .put("artists", artists(pressing))
                .put("genres", new JsonArray().add(pressing.genre()))
                .put("styles", new JsonArray().add(pressing.style()))
                .put("labels", new JsonArray().add(company(pressing.label(), pressing.catno(), "1", "Label")))
                .put("thumb", thumb(pressing))
                .put("cover_image", thumb(pressing));
    }

    String releaseUrl(Pressing pressing) {
        return apiBase + "/releases/" + pressing.releaseId();
    }

    String thumb(Pressing pressing) {
        return authenticated ? image(pressing) : "";
    }

    /** There for everybody; but who is anonymous is not told where. */
    JsonArray images(Pressing pressing) {
        String where = thumb(pressing);
        return new JsonArray()
                .add(new JsonObject()
                        .put("type", "primary")
                        .put("uri", where)
                        .put("resource_url", where)
                        .put("uri150", where)
                        .put("width", 600)
                        .put("height", 600));
    }

    private String image(Pressing pressing) {
        return webBase + "/images/" + pressing.releaseId() + ".svg";
    }

    private JsonArray artists(Pressing pressing) {
        return new JsonArray().add(person(pressing.artist(), ""));
    }

    private JsonArray credits(List<LinerNotes.Credit> credits) {
        var array = new JsonArray();
        credits.forEach(credit -> array.add(person(credit.name(), credit.role())));
        return array;
    }

    private JsonObject person(String name, String role) {
        return new JsonObject()
                .put("name", name)
                .put("anv", "")
                .put("join", "")
                .put("role", role)
                .put("tracks", "")
                .put("id", DiscogsNames.id(name))
                .put("resource_url", apiBase + "/artists/" + DiscogsNames.id(name));
    }

    private JsonObject company(String name, String catno, String type, String typeName) {
        return new JsonObject()
                .put("name", name)
                .put("catno", catno)
                .put("entity_type", type)
                .put("entity_type_name", typeName)
                .put("id", DiscogsNames.id(name))
                .put("resource_url", apiBase + "/labels/" + DiscogsNames.id(name));
    }

    private JsonArray series(Pressing pressing, LinerNotes notes) {
        var series = new JsonArray();
        notes.series().ifPresent(name -> series.add(company(name, "No. " + pressing.year() % 100, "2", "Series")));
        return series;
    }

    private JsonArray tracklist(LinerNotes notes, boolean withCredits) {
        var tracks = new JsonArray();
        for (LinerNotes.Track track : notes.tracks()) {
            var json = new JsonObject()
                    .put("position", track.position())
                    .put("type_", "track")
                    .put("title", track.title());
            if (withCredits) {
                json.put("extraartists", new JsonArray().add(person(track.lyricist(), "Written-By")));
            }
            tracks.add(json.put("duration", track.duration()));
        }
        return tracks;
    }

    private JsonArray videos(Pressing pressing, LinerNotes notes) {
        LinerNotes.Track first = notes.tracks().get(0);
        String[] time = first.duration().split(":");
        String title = pressing.displayArtist() + " - " + first.title();
        return new JsonArray()
                .add(new JsonObject()
                        .put("uri", webBase + "/video/" + pressing.releaseId())
                        .put("title", title)
                        .put("description", title)
                        .put("duration", Integer.parseInt(time[0]) * 60 + Integer.parseInt(time[1]))
                        .put("embed", true));
    }

    private JsonObject community(LinerNotes notes) {
        var contributors = new JsonArray();
        notes.contributors().forEach(name -> contributors.add(member(name)));
        return new JsonObject()
                .put("have", notes.have())
                .put("want", notes.want())
                .put("rating", new JsonObject().put("count", notes.votes()).put("average", notes.average()))
                .put("submitter", member(notes.submitter()))
                .put("contributors", contributors)
                .put("data_quality", "Correct")
                .put("status", "Accepted");
    }

    private JsonObject member(String name) {
        return new JsonObject().put("username", name).put("resource_url", apiBase + "/users/" + name);
    }

    /** Where day and month are not known there are zeros, or nothing. */
    private static String released(Pressing pressing) {
        return pressing.releaseId() % 2 == 0 ? String.valueOf(pressing.year()) : pressing.year() + "-00-00";
    }

    private static JsonObject shelved(int wanted, int owned) {
        return new JsonObject().put("in_wantlist", wanted).put("in_collection", owned);
    }

    private static JsonObject userData() {
        return new JsonObject().put("in_wantlist", false).put("in_collection", false);
    }

    private static JsonObject identifier(String type, String value, String description) {
        var json = new JsonObject().put("type", type).put("value", value);
        return description == null ? json : json.put("description", description);
    }

    private static BigDecimal dollars(Floor floor) {
        return floor.lowest() == null ? null : floor.lowest().in("USD").value();
    }

    private static JsonArray formats(Pressing pressing) {
        var descriptions = new JsonArray();
        pressing.formatParts().stream()
                .filter(part -> !part.equals("Box Set"))
                .map(part -> part.replaceFirst("^\\d+x", ""))
                .forEach(descriptions::add);
        var vinyl = new JsonObject().put("name", "Vinyl").put("qty", String.valueOf(pressing.discs()));
        if (pressing.releaseId() % 4 == 0) {
            // Free text, as the submitter likes it.
            vinyl.put("text", "Gatefold");
        }
        vinyl.put("descriptions", descriptions);
        var formats = new JsonArray();
        if (pressing.format().contains("Box Set")) {
            formats.add(new JsonObject().put("name", "Box Set").put("qty", "1"));
        }
        return formats.add(vinyl);
    }

    private static JsonArray formatWords(Pressing pressing) {
        var words = new JsonArray().add("Vinyl");
        pressing.formatParts().stream()
                .map(part -> part.replaceFirst("^\\d+x", ""))
                .forEach(words::add);
        return words;
    }
}
