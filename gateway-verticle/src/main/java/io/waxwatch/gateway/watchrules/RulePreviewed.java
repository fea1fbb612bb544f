package io.waxwatch.gateway.watchrules;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.listings.Listing;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.listings.ListingJson;
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
     * @param intervalSeconds how often it would be asked, were it asked by itself; null for never
     * @param servedBy {@code sweep}: asked once, and then found in what the sweep reads; {@code query}; null for by nobody
     */
    record Upstream(String effect, String query, Integer intervalSeconds, String servedBy) {
        static final String SHARED = "shares an existing query";
        static final String ONE_MORE = "one more query";
        static final Upstream NONE = new Upstream("no query", null, null, null);
    }

    void write(JsonWriter json) {
        json.startObject();
        json.raw("query", new JsonObject(rule.query()).encode());
        json.bool("currency_defaulted", rule.currencyDefaulted());
        json.number("matched", matched);
        json.decimal("matches_per_day", perDay);
        json.startObject("looked");
        json.number("listings", looked);
        json.time("since", since);
        json.bool("complete", stop == Stop.WINDOW);
        json.text("stopped_by", stop == Stop.WINDOW ? null : stop.name().toLowerCase(Locale.ROOT));
        json.endObject();
        json.name("examples");
        JsonOut.list(examples, RulePreviewed::example).write(json);
        json.startObject("upstream");
        json.text("effect", upstream.effect());
        json.text("query", upstream.query());
        json.whole("interval_seconds", upstream.intervalSeconds());
        json.text("served_by", upstream.servedBy());
        json.endObject();
        json.endObject();
    }

    private static void example(JsonWriter json, Example example) {
        json.startObject();
        json.name("listing");
        ListingJson.write(json, example.listing());
        DecisionJson.why(json, example.decision());
        json.endObject();
    }
}
