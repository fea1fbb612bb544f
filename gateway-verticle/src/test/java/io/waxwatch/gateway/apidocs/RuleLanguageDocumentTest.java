package io.waxwatch.gateway.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.Criterion;
import io.waxwatch.gateway.testing.Contract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The document describes just the conditions that there are. */
class RuleLanguageDocumentTest {

    @ParameterizedTest
    @ValueSource(strings = {"RuleQuery", "RuleQueryChange"})
    void describes_every_condition_of_a_rule_and_no_other(String schema) {
        JsonObject described = Contract.document()
                .json()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject(schema)
                .getJsonObject("properties");

        assertThat(described.fieldNames())
                .containsExactlyInAnyOrderElementsOf(
                        Criteria.all().stream().map(Criterion::key).toList());
    }
}
