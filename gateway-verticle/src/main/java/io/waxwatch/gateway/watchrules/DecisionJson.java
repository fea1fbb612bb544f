package io.waxwatch.gateway.watchrules;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.Clause;
import io.waxwatch.common.matching.Decision;
import io.waxwatch.common.matching.Outcome;
import io.waxwatch.gateway.http.JsonWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The trace of a decision: as JSON for collectors, and as read back from where a match keeps it. */
final class DecisionJson {

    private DecisionJson() {}

    /** {@code clauses}: each condition with its outcome, what was asked, what was seen, and all of it as a sentence. */
    static void clauses(JsonWriter json, Decision decision) {
        List<String> sentences = decision.reasons();
        json.startArray("clauses");
        for (int i = 0; i < sentences.size(); i++) {
            Clause clause = decision.clauses().get(i);
            json.startObject();
            json.text("clause", clause.name());
            json.text("outcome", clause.outcome().name().toLowerCase(Locale.ROOT));
            json.text("expected", clause.expected());
            json.text("seen", clause.seen());
            json.text("sentence", sentences.get(i));
            json.endObject();
        }
        json.endArray();
    }

    /** {@code why}: the sentences alone. */
    static void why(JsonWriter json, Decision decision) {
        json.startArray("why");
        for (String sentence : decision.reasons()) {
            json.text(sentence);
        }
        json.endArray();
    }

    /** The decision that a match's context tells of; one without clauses for a context that keeps no trace. */
    static Decision stored(JsonObject context) {
        JsonArray trace =
                context != null && context.getValue("trace") instanceof JsonArray array ? array : new JsonArray();
        return new Decision(
                true,
                trace.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(each -> clause((JsonObject) each))
                        .toList());
    }

    private static Clause clause(JsonObject stored) {
        String outcome = text(stored, "outcome");
        return new Clause(
                text(stored, "clause"),
                Arrays.stream(Outcome.values())
                        .filter(known -> known.name().equalsIgnoreCase(outcome))
                        .findFirst()
                        .orElse(Outcome.UNKNOWN),
                text(stored, "expected"),
                text(stored, "seen"));
    }

    private static String text(JsonObject stored, String key) {
        return stored.getValue(key) instanceof String text ? text : "";
    }
}
