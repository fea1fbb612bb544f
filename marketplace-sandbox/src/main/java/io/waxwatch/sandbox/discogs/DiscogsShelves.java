package io.waxwatch.sandbox.discogs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Wantlist, collection and lists of the one collector of the sandbox, drawn from the catalogue. The wantlist is for its
 * owner's eyes, and so are the folders but for folder 0, and the private list. Two copies of one record are two rows with
 * instances of their own.
 */
final class DiscogsShelves {

    /** Whose credentials the sandbox knows. */
    static final String COLLECTOR = "sandbox-collector";

    private static final long COLLECTOR_ID = 90_000_000L;
    /** More than two pages of 100, and not a multiple of it. */
    private static final int WANTED = 230;

    private static final int OWNED = 60;
    private static final int OWNED_FROM = 200;
    /** All of the collection, for everybody; the other folder holds what was never sorted, which is the same. */
    private static final String ALL = "0";

    private static final String UNSORTED = "1";
    private static final String ADDED = "2024-03-01T10:00:00-08:00";

    /** One list of the collector's. */
    private record MemberList(long id, String name, String description, boolean isPublic, List<Pressing> releases) {}

    private record Copy(Pressing pressing, long instance) {}

    private final List<Pressing> wants;
    private final List<Copy> collection = new ArrayList<>();
    private final List<MemberList> lists;

    DiscogsShelves(SandboxCatalog catalog) {
        List<Pressing> all = catalog.pressings();
        this.wants = all.subList(0, WANTED);
        List<Pressing> owned = new ArrayList<>(all.subList(OWNED_FROM, OWNED_FROM + OWNED));
        // A second copy, on the same page as the first.
        owned.add(1, owned.get(0));
        owned.forEach(pressing -> collection.add(new Copy(pressing, 500_000_001L + collection.size())));
        this.lists = List.of(
                new MemberList(880_001, "Late night sides", "For the last hour.", true, all.subList(3, 9)),
                new MemberList(880_002, "To be sold", "", false, all.subList(40, 43)));
    }

    boolean isCollector(String username) {
        return COLLECTOR.equalsIgnoreCase(username);
    }

    DiscogsMember collector() {
        int published = (int) lists.stream().filter(MemberList::isPublic).count();
        return new DiscogsMember(COLLECTOR_ID, COLLECTOR, 0, collection.size(), WANTED, published);
    }

    void wants(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        if (!DiscogsGate.isUser(ctx)) {
            refuse(ctx);
            return;
        }
        page.answer(
                ctx,
                json.apiBase(),
                "wants",
                wants,
                pressing -> new JsonObject()
                        .put("id", pressing.releaseId())
                        .put("rating", 0)
                        .put("date_added", ADDED)
                        .put("notes", "")
                        .put("notes_public", false)
                        .put("resource_url", userUrl(json) + "/wants/" + pressing.releaseId())
                        .put("basic_information", json.basic(pressing)));
    }

    void folders(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        var folders = new JsonArray().add(folder(json, ALL));
        if (DiscogsGate.isUser(ctx)) {
            folders.add(folder(json, UNSORTED));
        }
        DiscogsGate.send(ctx, 200, new JsonObject().put("folders", folders));
    }

    void folder(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        if (mayOpen(ctx)) {
            DiscogsGate.send(ctx, 200, folder(json, ctx.pathParam("folder")));
        }
    }

    void collection(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        if (mayOpen(ctx)) {
            page.answer(ctx, json.apiBase(), "releases", collection, copy -> owned(json, copy));
        }
    }

    /** The copies of one release. */
    void copies(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        String id = ctx.pathParam("id");
        List<Copy> copies = collection.stream()
                .filter(copy -> String.valueOf(copy.pressing().releaseId()).equals(id))
                .toList();
        page.answer(ctx, json.apiBase(), "releases", copies, copy -> owned(json, copy));
    }

    void fields(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        var fields = new JsonArray()
                .add(field(1, "Media Condition", "dropdown").put("options", new JsonArray(DiscogsInventory.MEDIA)))
                .add(field(2, "Sleeve Condition", "dropdown").put("options", new JsonArray(DiscogsInventory.SLEEVES)))
                .add(field(3, "Notes", "textarea").put("lines", 3));
        DiscogsGate.send(ctx, 200, new JsonObject().put("fields", fields));
    }

    void value(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        if (DiscogsGate.isUser(ctx)) {
            DiscogsGate.send(
                    ctx,
                    200,
                    new JsonObject()
                            .put("minimum", "$412.50")
                            .put("median", "$906.10")
                            .put("maximum", "$1,734.00"));
        } else {
            refuse(ctx);
        }
    }

    void lists(RoutingContext ctx, DiscogsPage page, DiscogsJson json) {
        List<MemberList> shown = lists.stream()
                .filter(list -> list.isPublic() || DiscogsGate.isUser(ctx))
                .toList();
        page.answer(ctx, json.apiBase(), "lists", shown, list -> head(json, list));
    }

    /** One list with what is on it. */
    void list(RoutingContext ctx, DiscogsJson json) {
        Optional<MemberList> found = lists.stream()
                .filter(list -> String.valueOf(list.id()).equals(ctx.pathParam("id")))
                .findFirst();
        if (found.isEmpty()) {
            DiscogsGate.fail(ctx, 404, "The requested resource was not found.");
        } else if (!found.get().isPublic() && !DiscogsGate.isUser(ctx)) {
            refuse(ctx);
        } else {
            var items = new JsonArray();
            for (Pressing pressing : found.get().releases()) {
                items.add(new JsonObject()
                        .put("id", pressing.releaseId())
                        .put("type", "release")
                        .put("display_title", pressing.artist() + " - " + pressing.title())
                        .put("comment", "")
                        .put("image_url", json.thumb(pressing))
                        .put("uri", json.webBase() + "/release/" + pressing.releaseId())
                        .put("resource_url", json.releaseUrl(pressing)));
            }
            DiscogsGate.send(ctx, 200, head(json, found.get()).put("items", items));
        }
    }

    private static JsonObject head(DiscogsJson json, MemberList list) {
        return new JsonObject()
                .put("id", list.id())
                .put("name", list.name())
                .put("description", list.description())
                .put("public", list.isPublic())
                .put("date_added", ADDED)
                .put("date_changed", ADDED)
                .put("uri", json.webBase() + "/lists/" + list.name().replace(' ', '-') + "/" + list.id())
                .put("resource_url", json.apiBase() + "/lists/" + list.id());
    }

    /** Answers itself when not. */
    private static boolean mayOpen(RoutingContext ctx) {
        String folder = ctx.pathParam("folder");
        if (folder.equals(ALL) || folder.equals(UNSORTED) && DiscogsGate.isUser(ctx)) {
            return true;
        }
        if (folder.equals(UNSORTED)) {
            refuse(ctx);
        } else {
            DiscogsGate.fail(ctx, 404, "The requested resource was not found.");
        }
        return false;
    }

    private JsonObject folder(DiscogsJson json, String id) {
        return new JsonObject()
                .put("id", Integer.parseInt(id))
                .put("name", id.equals(ALL) ? "All" : "Uncategorized")
                .put("count", collection.size())
                .put("resource_url", userUrl(json) + "/collection/folders/" + id);
    }

    private static JsonObject owned(DiscogsJson json, Copy copy) {
        var notes = new JsonArray();
        if (copy.instance() % 2 == 1) {
            notes.add(new JsonObject().put("field_id", 3).put("value", "From the shop by the harbour."));
        }
        return new JsonObject()
                .put("id", copy.pressing().releaseId())
                .put("instance_id", copy.instance())
                .put("folder_id", Integer.parseInt(UNSORTED))
                .put("rating", 0)
                .put("date_added", ADDED)
                .put("notes", notes)
                .put("basic_information", json.basic(copy.pressing()));
    }

    private static JsonObject field(int id, String name, String type) {
        return new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("type", type)
                .put("position", id)
                .put("public", true);
    }

    private static String userUrl(DiscogsJson json) {
        return json.apiBase() + "/users/" + COLLECTOR;
    }

    private static void refuse(RoutingContext ctx) {
        DiscogsGate.fail(ctx, 403, "You don't have permission to access this resource.");
    }
}
