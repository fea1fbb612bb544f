package io.waxwatch.gateway.validation;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** One word out of a few, from JSON or from a query string. */
public final class Words {

    private Words() {}

    /** What is none of the words is added to the violations, and empty. */
    public static Optional<String> of(Object value, List<?> loc, List<String> words, Violations violations) {
        return of("enum", value, loc, words, violations);
    }

    static Optional<String> of(String type, Object value, List<?> loc, List<String> words, Violations violations) {
        if (value instanceof String text && words.contains(text)) {
            return Optional.of(text);
        }
        String expected = expected(words);
        violations.add(type, loc, "Input should be " + expected, value, new JsonObject().put("expected", expected));
        return Optional.empty();
    }

    private static String expected(List<String> words) {
        var text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            text.append(i == 0 ? "" : i == words.size() - 1 ? " or " : ", ")
                    .append('\'')
                    .append(words.get(i))
                    .append('\'');
        }
        return text.toString();
    }
}
