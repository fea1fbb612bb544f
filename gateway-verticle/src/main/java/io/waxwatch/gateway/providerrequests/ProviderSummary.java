package io.waxwatch.gateway.providerrequests;

import io.waxwatch.gateway.http.JsonWriter;
import java.math.BigDecimal;

/**
 * What the calls of one provider came to.
 *
 * @param errors those with a status of 400 or more, or an error text
 * @param averageMs null when no call has a duration
 */
record ProviderSummary(String provider, long total, long errors, BigDecimal averageMs) {

    static void write(JsonWriter json, ProviderSummary summary) {
        json.startObject();
        json.text("provider", summary.provider);
        json.number("total_requests", summary.total);
        json.number("error_requests", summary.errors);
        json.money("avg_duration_ms", summary.averageMs);
        json.endObject();
    }
}
