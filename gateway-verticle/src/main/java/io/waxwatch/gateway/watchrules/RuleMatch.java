package io.waxwatch.gateway.watchrules;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.listings.Listing;
import io.waxwatch.gateway.pagination.Cursor;
import java.io.IOException;
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

    static void write(JsonGenerator json, RuleMatch match) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", match.id);
        JsonOut.uuid(json, "rule_id", match.ruleId);
        JsonOut.uuid(json, "listing_id", match.listing.id());
        JsonOut.time(json, "matched_at", match.matchedAt);
        DecisionJson.why(json, match.decision);
        DecisionJson.clauses(json, match.decision);
        json.writeFieldName("listing");
        Listing.write(json, match.listing);
        json.writeEndObject();
    }
}
