package io.waxwatch.gateway.watchrules;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.listings.Listing;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

/**
 * What became of a preview.
 *
 * @param rule as it would be stored
 * @param matched how many of the listings that were looked at
 * @param perDay how many new ones a day; null when too little time was seen to say
 * @param looked at so many listings
 * @param since so far back: everything seen since then was looked at
 * @param stop what ended it
 * @param examples the newest that matched, five at most
 * @param upstream what the rule would ask of the marketplaces
 */
record RulePreviewed(
        RuleState rule,
        int matched,
        Double perDay,
        int looked,
        OffsetDateTime since,
        Stop stop,
        List<Example> examples,
        Upstream upstream) {

    /** A listing that the rule would have found, and why. */
    record Example(Listing listing, Decision decision) {}

    /** What ends a preview. */
    enum Stop {
        /** All of the look-back was looked at. */
        WINDOW,
        /** The bound of listings. */
        ROWS,
        /** The bound of time. */
        TIME
    }

    /**
     * What a rule adds to what the marketplaces are asked.
     *
     * @param query the key of the poll; null for none
     * @param intervalSeconds how often it would be asked; null for never
     */
    record Upstream(String effect, String query, Integer intervalSeconds) {
        static final String SHARED = "shares an existing query";
        static final String ONE_MORE = "one more query";
        static final Upstream NONE = new Upstream("no query", null, null);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        JsonOut.raw(json, "query", new JsonObject(rule.query()).encode());
        json.writeBooleanField("currency_defaulted", rule.currencyDefaulted());
        json.writeNumberField("matched", matched);
        json.writeFieldName("matches_per_day");
        if (perDay == null) {
            json.writeNull();
        } else {
            json.writeNumber(perDay);
        }
        json.writeObjectFieldStart("looked");
        json.writeNumberField("listings", looked);
        JsonOut.time(json, "since", since);
        json.writeBooleanField("complete", stop == Stop.WINDOW);
        JsonOut.text(
                json, "stopped_by", stop == Stop.WINDOW ? null : stop.name().toLowerCase(Locale.ROOT));
        json.writeEndObject();
        json.writeFieldName("examples");
        JsonOut.list(examples, RulePreviewed::example).write(json);
        json.writeObjectFieldStart("upstream");
        JsonOut.text(json, "effect", upstream.effect());
        JsonOut.text(json, "query", upstream.query());
        JsonOut.whole(json, "interval_seconds", upstream.intervalSeconds());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void example(JsonGenerator json, Example example) throws IOException {
        json.writeStartObject();
        json.writeFieldName("listing");
        Listing.write(json, example.listing());
        DecisionJson.why(json, example.decision());
        json.writeEndObject();
    }
}
