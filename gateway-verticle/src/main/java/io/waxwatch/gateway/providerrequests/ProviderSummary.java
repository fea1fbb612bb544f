package io.waxwatch.gateway.providerrequests;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * What the calls of one provider came to.
 *
 * @param errors those with a status of 400 or more, or an error text
 * @param averageMs null when no call has a duration
 */
record ProviderSummary(String provider, long total, long errors, BigDecimal averageMs) {

    static void write(JsonGenerator json, ProviderSummary summary) throws IOException {
        json.writeStartObject();
        JsonOut.text(json, "provider", summary.provider);
        json.writeNumberField("total_requests", summary.total);
        json.writeNumberField("error_requests", summary.errors);
        JsonOut.money(json, "avg_duration_ms", summary.averageMs);
        json.writeEndObject();
    }
}
