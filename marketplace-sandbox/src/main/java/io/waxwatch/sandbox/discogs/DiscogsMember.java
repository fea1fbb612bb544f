package io.waxwatch.sandbox.discogs;

import io.vertx.core.json.JsonObject;

/**
 * Somebody with a profile.
 *
 * @param id the user id
 * @param forSale offers in the inventory, 0 for who sells nothing
 * @param owned records in the collection
 * @param wanted records on the wantlist
 * @param lists lists that everybody may see
 */
record DiscogsMember(long id, String name, int forSale, int owned, int wanted, int lists) {

    /** @param asOwner the owner is told a little more */
    JsonObject profile(String apiBase, String webBase, boolean asOwner) {
        boolean sells = forSale > 0;
        String url = apiBase + "/users/" + name;
        var json = new JsonObject()
                .put("id", id)
                .put("username", name)
                .put("name", name)
                .put("profile", "Invented for the WaxWatch sandbox.")
                .put("home_page", "")
                .put("location", "Somewhere by the harbour")
                .put("registered", "2011-04-02T08:15:00-07:00")
                .put("rank", 12.0)
                .put("resource_url", url)
                .put("uri", webBase + "/user/" + name)
                .put("avatar_url", webBase + "/avatars/" + id + ".svg")
                .put("banner_url", "")
                .put("wantlist_url", url + "/wants")
                .put("collection_folders_url", url + "/collection/folders")
                .put("collection_fields_url", url + "/collection/fields")
                .put("inventory_url", url + "/inventory")
                .put("num_collection", owned)
                .put("num_wantlist", wanted)
                .put("num_lists", lists)
                .put("num_for_sale", forSale)
                .put("num_pending", 0)
                .put("releases_contributed", 3)
                .put("releases_rated", 0)
                .put("rating_avg", 0.0)
                .put("buyer_rating", 100.0)
                .put("buyer_rating_stars", 5.0)
                .put("buyer_num_ratings", 14)
                .put("seller_rating", sells ? 99.6 : 0.0)
                .put("seller_rating_stars", sells ? 5.0 : 0.0)
                .put("seller_num_ratings", sells ? 412 : 0)
                .put("curr_abbr", "USD");
        return asOwner ? json.put("email", name + "@sandbox.example").put("num_unread", 0) : json;
    }
}
