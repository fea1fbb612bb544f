package io.waxwatch.gateway.watchrules;

import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.listings.ListingJson;
import io.waxwatch.gateway.pagination.Cursor;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A listing that a rule has found.
 *
 * @param listing as it is now
 * @param decision as it was then; without clauses when that was not kept
 */
record RuleMatch(UUID id, UUID ruleId, OffsetDateTime matchedAt, Listing listing, Decision decision) {

    /** Where it stands in the list. */
    Cursor cursor() {
        return new Cursor(matchedAt, id);
    }

    static void write(JsonWriter json, RuleMatch match) {
        json.startObject();
        json.uuid("id", match.id);
        json.uuid("rule_id", match.ruleId);
        json.uuid("listing_id", match.listing.id());
        json.time("matched_at", match.matchedAt);
        DecisionJson.why(json, match.decision);
        DecisionJson.clauses(json, match.decision);
        json.name("listing");
        ListingJson.write(json, match.listing);
        json.endObject();
    }
}
