package io.waxwatch.gateway.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.http.ApiException;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Clients show the message and nothing else, so it has to say what is wrong. */
class ViolationsTest {

    private final Violations violations = new Violations();

    private ApiException refusal() {
        return (ApiException) catchThrowable(violations::refuseIfAny);
    }

    @Test
    void without_any_nothing_is_refused() {
        assertThat(refusal()).isNull();
    }

    @Test
    void tells_the_first_two_by_field_and_counts_the_others() {
        violations.tooLow(List.of("body", "query", "max_price"), -1, 0.0);
        violations.missing(List.of("body", "name"), new JsonObject());
        violations.tooHigh(List.of("query", "limit"), "201", 200);
        violations.tooHigh(List.of("query", "offset"), "201", 200);

        assertThat(refusal().getMessage())
                .isEqualTo(
                        "query.max_price: Input should be greater than or equal to 0; name: Field required; and 2 more");
        assertThat(refusal().code()).isEqualTo("validation_error");
        assertThat(refusal().details()).asString().contains("\"offset\"");
    }

    @Test
    void lists_a_hundred_and_counts_the_others() {
        for (int i = 0; i < 1000; i++) {
            violations.value(List.of("body", "keywords", i), "must be a text", i);
        }

        assertThat(refusal().details())
                .asInstanceOf(InstanceOfAssertFactories.ITERABLE)
                .hasSize(100);
        assertThat(refusal()).hasMessageEndingWith("; and 998 more");
    }

    @Test
    void a_text_that_names_its_field_is_left_as_it_is() {
        violations.value(List.of("body", "query"), "query.sources entries must be strings", null);

        assertThat(refusal()).hasMessage("query.sources entries must be strings");
    }

    @Test
    void who_sends_no_body_is_told_what_to_send() {
        violations.missing(List.of("body"), null);

        assertThat(refusal()).hasMessage("body: Field required; send a JSON object, {} where there is nothing to say");
    }

    @Test
    void malformed_json_is_told_with_its_place() {
        violations.unreadable(12, "not valid JSON");

        assertThat(refusal()).hasMessage("the body cannot be read after 12 characters: not valid JSON");
    }

    @Test
    void what_was_sent_cannot_make_the_message_long() {
        violations.value(List.of("body", "providers"), "Invalid provider: " + "x".repeat(60_000), null);

        assertThat(refusal().getMessage()).hasSizeLessThan(210).startsWith("providers: Invalid provider: xxx");
    }
}
