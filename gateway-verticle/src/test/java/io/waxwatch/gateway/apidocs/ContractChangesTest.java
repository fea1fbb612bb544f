package io.waxwatch.gateway.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.gateway.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The contract does not move in silence: each form of it has a line under "Contract changes" in {@code docs/API.md}. */
class ContractChangesTest {

    /** What may be reworded freely. */
    private static final Set<String> WORDS = Set.of("description", "summary", "example", "examples");

    private static final Path PAGE = Path.of("..", "docs", "API.md");
    private static final Pattern LINE = Pattern.compile("\\| \\d{4}-\\d\\d-\\d\\d \\| `([0-9a-f]{12})` \\| .+ \\|");

    @Test
    void the_last_change_that_is_written_down_is_the_contract_of_today() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains("## Contract changes");
        List<String> written = page.substring(page.indexOf("## Contract changes"))
                .lines()
                .map(LINE::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(line -> line.group(1))
                .toList();
        String today = fingerprint(Contract.document().json());
        assertThat(written)
                .as(
                        "The contract has moved. Say how, as the last line under \"Contract changes\" in docs/API.md:%n"
                                + "| %s | `%s` | … |",
                        LocalDate.now(ZoneOffset.UTC), today)
                .endsWith(today);
    }

    @Test
    void words_may_change_and_nothing_else() {
        JsonObject document = Contract.document().json();
        JsonObject reworded = document.copy();
        operation(reworded).put("summary", "Other words").put("description", "More of them");
        assertThat(fingerprint(reworded)).isEqualTo(fingerprint(document));
        JsonObject changed = document.copy();
        operation(changed).getJsonObject("responses").remove("429");
        assertThat(fingerprint(changed)).isNotEqualTo(fingerprint(document));
        JsonObject field = document.copy();
        field.getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("EventOut")
                .getJsonObject("properties")
                .put("description", new JsonObject());
        assertThat(fingerprint(field)).isNotEqualTo(fingerprint(document));
    }

    private static JsonObject operation(JsonObject document) {
        return document.getJsonObject("paths").getJsonObject("/api/events").getJsonObject("get");
    }

    private static String fingerprint(JsonObject document) {
        var contract = new JsonObject()
                .put("paths", canonical(document.getJsonObject("paths"), false))
                .put("components", canonical(document.getJsonObject("components"), false));
        return Digests.sha256Hex(contract.encode()).substring(0, 12);
    }

    /** Sorted, and without words; {@code names} are those of fields, of which none is left out. */
    private static Object canonical(Object node, boolean names) {
        if (node instanceof JsonArray array) {
            var copy = new JsonArray();
            array.forEach(item -> copy.add(canonical(item, false)));
            return copy;
        }
        if (!(node instanceof JsonObject object)) {
            return node;
        }
        var sorted = new TreeMap<String, Object>();
        object.forEach(each -> {
            if (names || !WORDS.contains(each.getKey())) {
                sorted.put(
                        each.getKey(), canonical(each.getValue(), each.getKey().equals("properties")));
            }
        });
        return new JsonObject(sorted);
    }
}
