package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would keep a rule from doing what it says is refused wherever a rule is written, with the way out. */
class RuleInputTest {

    private static final String RULES = "/api/watch-rules";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private record Case(JsonObject query, String says, String grade) {

        static Case of(JsonObject json) {
            return new Case(json.getJsonObject("query"), json.getString("says"), json.getString("grade"));
        }

        boolean taken() {
            return says == null;
        }

        JsonObject rule() {
            return new JsonObject().put("name", "a").put("query", query.copy());
        }

        @Override
        public String toString() {
            return query.encode();
        }
    }

    static Stream<Case> cases() throws IOException {
        try (var file = RuleInputTest.class.getResourceAsStream("field/rule-input.json")) {
            return new JsonObject(new String(file.readAllBytes(), StandardCharsets.UTF_8))
                    .getJsonArray("cases").stream().map(JsonObject.class::cast).map(Case::of);
        }
    }

    private static void assertJudged(Reply reply, Case expected, int success) {
        if (expected.taken()) {
            assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(success);
            return;
        }
        assertThat(reply.status()).as(reply.http().bodyAsString()).isEqualTo(422);
        assertThat(reply.error().getString("code")).isEqualTo("validation_error");
        assertThat(reply.violation().getString("type")).isEqualTo("value_error");
        assertThat(reply.violation().getJsonArray("loc"))
                .isEqualTo(new JsonArray().add("body").add("query"));
        assertThat(reply.message()).contains(expected.says());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_new_rule_is_judged(Case given) {
        Reply created = gateway.user().post(RULES, given.rule());
        assertJudged(created, given, 201);
        if (given.taken()) {
            var read =
                    RuleQuery.fromStored(created.json().getJsonObject("query").getMap());
            assertThat(read.minCondition() == null ? null : read.minCondition().abbreviation())
                    .isEqualTo(given.grade());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_rule_that_is_only_thought_of_is_judged_alike(Case given) {
        assertJudged(gateway.user().post(RULES + "/preview", given.rule()), given, 200);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_changed_query_is_judged_alike(Case given) {
        User ann = gateway.user();
        String path =
                RULES + "/" + ann.post(RULES, new JsonObject().put("name", "a")).id();
        Reply changed = ann.patch(path, new JsonObject().put("query", given.query()));
        assertJudged(changed, given, 200);
        if (!given.taken()) {
            assertThat(ann.get(path).json().getJsonObject("query").fieldNames()).containsExactly("sources");
        }
    }

    @Test
    void a_change_is_judged_together_with_what_it_changes() {
        User ann = gateway.user();
        Reply rule = ann.post(
                RULES, rule("{\"keywords\":[\"tides\"],\"q\":\"-live\",\"max_price\":20,\"min_condition\":\"VG\"}"));
        String path = RULES + "/" + rule.id();

        assertThat(ann.patch(path, query("{\"min_price\":30}")).message()).contains("query.min_price is above");
        assertThat(ann.patch(path, query("{\"min_price\":30,\"max_price\":40}")).status())
                .isEqualTo(200);
        assertThat(ann.patch(path, query("{\"keywords\":null}")).message()).contains("there is no word to look for");
        assertThat(ann.patch(path, query("{\"keywords\":[],\"q\":\"tides\"}")).status())
                .isEqualTo(200);
    }

    @Test
    void what_an_old_rule_asks_for_keeps_nobody_from_renaming_or_resting_it_but_a_changed_query_is_judged() {
        User ann = gateway.user();
        String path = RULES + "/"
                + ann.post(RULES, rule("{\"keywords\":[\"tides\"]}")).id();
        JsonObject old = new JsonObject("{\"keywords\":[\"tides\"],\"sources\":[\"ebay\"],\"min_condition\":\"bogus\","
                + "\"max_price\":20.0,\"currency\":\"EURO\"}");
        gateway.sql("UPDATE watch_search_rules SET query = $1 WHERE user_id = $2", old, ann.id);

        JsonObject shown = ann.get(path).json();
        assertThat(shown.getJsonObject("query")).isEqualTo(old);
        assertThat(shown.getJsonArray("ignored")).containsExactly("min_condition");
        assertThat(ann.patch(path, new JsonObject().put("name", "b")).status()).isEqualTo(200);
        Reply whole = ann.patch(
                path, new JsonObject().put("name", "c").put("query", old).put("is_active", false));
        assertThat(whole.status()).as("a form that sends everything").isEqualTo(200);
        assertThat(ann.send(HttpMethod.POST, path + "/disable", null).status()).isEqualTo(200);

        Reply changed = ann.patch(path, query("{\"max_price\":25}"));
        assertThat(changed.status()).isEqualTo(422);
        assertThat(changed.message()).contains("query.currency: unknown currency");
        assertThat(ann.patch(path, query("{\"max_price\":25,\"currency\":\"EUR\",\"min_condition\":null}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_saved_search_is_judged_as_a_rule() {
        User ann = gateway.user();
        assertThat(saved(ann, "{\"keywords\":[\"tides\"],\"min_condition\":\"bogus\"}"))
                .startsWith("query.min_condition: unknown grade");
        assertThat(saved(ann, "{\"keywords\":[\"★\"]}")).startsWith("query.keywords: there is no word to look for");
        assertThat(saved(ann, "{\"keywords\":[]}")).startsWith("query.keywords: there is no word to look for");
        assertThat(saved(ann, "{\"keywords\":[\"tides\"],\"min_condition\":\"near-mint\"}"))
                .isNull();
    }

    private static String saved(User user, String query) {
        Reply reply = user.post("/api/search/save-alert", rule(query));
        return reply.status() == 422 ? reply.message() : null;
    }

    @Test
    void a_search_knows_the_same_grades_and_needs_a_word_if_any_is_given() {
        User ann = gateway.user();
        Reply grade = ann.post("/api/search", new JsonObject("{\"keywords\":[\"tides\"],\"min_condition\":\"bogus\"}"));
        assertThat(grade.status()).isEqualTo(422);
        assertThat(grade.message()).startsWith("min_condition: unknown grade; the grades are M, NM, VG+");
        Reply words = ann.post("/api/search", new JsonObject("{\"keywords\":[\"★\",\"!!!\"]}"));
        assertThat(words.status()).isEqualTo(422);
        assertThat(words.message()).startsWith("keywords: there is no word to look for");
        assertThat(ann.post("/api/search", new JsonObject("{\"keywords\":[]}")).status())
                .isEqualTo(200);
    }

    @Test
    void a_watch_release_knows_the_same_grades_and_an_old_one_can_be_changed() {
        User ann = gateway.user();
        JsonObject release = new JsonObject("{\"discogs_release_id\":1,\"title\":\"a\",\"min_condition\":\"bogus\"}");
        Reply refused = ann.post("/api/watch-releases", release);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.violation().getJsonArray("loc")).isEqualTo(new JsonArray(List.of("body", "min_condition")));
        assertThat(refused.message()).startsWith("min_condition: unknown grade; the grades are");

        Reply made = ann.post("/api/watch-releases", release.copy().put("min_condition", "VG plus"));
        assertThat(made.status()).isEqualTo(201);
        String path = "/api/watch-releases/" + made.id();
        gateway.sql("UPDATE watch_releases SET min_condition = 'bogus' WHERE user_id = $1", ann.id);
        assertThat(ann.patch(path, release.copy().put("target_price", 20)).status())
                .as("what stays as it was is not judged")
                .isEqualTo(200);
        assertThat(ann.patch(path, new JsonObject().put("min_condition", "rubbish"))
                        .message())
                .startsWith("min_condition: unknown grade");
        assertThat(ann.patch(path, new JsonObject().put("min_condition", "NM")).status())
                .isEqualTo(200);
    }

    @Test
    void a_query_has_at_most_four_kilobytes_with_the_keys_that_nobody_knows() {
        User ann = gateway.user();
        JsonObject fits = new JsonObject()
                .put("keywords", new JsonArray().add("tides"))
                .put("sources", new JsonArray().add("ebay"));
        fits.put("note", "é".repeat((4096 - fits.toBuffer().length() - "\"note\":\"\",".length()) / 2));
        Reply created = ann.post(RULES, new JsonObject().put("name", "a").put("query", fits));
        assertThat(created.status()).as(created.http().bodyAsString()).isEqualTo(201);
        assertThat(created.json().getJsonObject("query")).isEqualTo(fits);

        JsonObject larger = fits.copy().put("more", true);
        Reply refused = ann.post(RULES, new JsonObject().put("name", "a").put("query", larger));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.message())
                .startsWith("query may have 4096 bytes as JSON, with every number written out, and has ");
        String path = RULES + "/" + created.id();
        assertThat(ann.patch(path, query("{\"more\":true}")).status()).isEqualTo(422);

        List<String> words = IntStream.range(0, 600).mapToObj(i -> "word" + i).toList();
        gateway.sql(
                "UPDATE watch_search_rules SET query = jsonb_build_object('sources', '[\"ebay\"]'::jsonb, 'words', $1::jsonb)"
                        + " WHERE user_id = $2",
                new JsonArray(words),
                ann.id);
        assertThat(ann.patch(path, query("{\"keywords\":[\"tides\"]}")).status())
                .as("an old one cannot grow further")
                .isEqualTo(422);
        var fewer = new JsonArray(words.subList(2, words.size()));
        assertThat(ann.patch(path, new JsonObject().put("query", new JsonObject().put("words", fewer)))
                        .status())
                .as("but shrink")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "   ", "\u00a0", "\u3000\t", "\u200b"})
    void a_name_that_nobody_can_see_is_refused_wherever_one_is_given(String blank) {
        User ann = gateway.user();
        JsonObject named = new JsonObject().put("name", blank).put("query", new JsonObject());
        String rule = RULES + "/" + ann.post(RULES, rule("{}")).id();

        for (Reply refused : List.of(
                ann.post(RULES, named),
                ann.patch(rule, new JsonObject().put("name", blank)),
                ann.post("/api/search/save-alert", named),
                ann.patch("/api/me", new JsonObject().put("display_name", blank)),
                ann.post(
                        "/api/watch-releases",
                        new JsonObject().put("discogs_release_id", 1).put("title", blank)))) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.message())
                    .endsWith("a name of blanks alone cannot be told from none; give it a letter or a sign");
        }
    }

    @Test
    void keys_that_look_mistyped_are_kept_and_the_answer_says_so() {
        User ann = gateway.user();

        JsonObject created = ann.post(RULES, rule("{\"keyword\":[\"tides\"],\"minPrice\":5,\"colour\":\"blue\"}"))
                .json();

        assertThat(created.getJsonObject("query").getJsonArray("keyword")).containsExactly("tides");
        assertThat(created.getJsonArray("notes"))
                .containsExactlyInAnyOrder(
                        "query.keyword is kept, and looks for nothing; for the condition write keywords",
                        "query.minPrice is kept, and looks for nothing; for the condition write min_price");
        String path = RULES + "/" + created.getString("id");
        assertThat(ann.patch(path, query("{\"keyword\":null,\"minPrice\":null,\"keywords\":[\"tides\"]}"))
                        .json()
                        .getJsonArray("notes"))
                .isEmpty();
        assertThat(ann.get(RULES).list().getJsonObject(0).getJsonArray("notes")).isEmpty();
    }

    @Test
    void numbers_count_with_the_digits_that_postgresql_writes_out() {
        User ann = gateway.user();
        String many = IntStream.range(0, 400).mapToObj(i -> "1E+308").collect(Collectors.joining(","));

        Reply refused = send(ann, HttpMethod.POST, RULES, "{\"name\":\"a\",\"query\":{\"own\":[" + many + "]}}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.message()).contains("and has 124").contains("leave out keywords, or keys of your own");
        assertThat(gateway.count("SELECT count(*) FROM watch_search_rules WHERE user_id = $1", ann.id))
                .isZero();
        String few = RULES + "/"
                + send(ann, HttpMethod.POST, RULES, "{\"name\":\"a\",\"query\":{\"own\":[1E+308,1e-300]}}")
                        .id();
        assertThat(send(ann, HttpMethod.PATCH, few, "{\"query\":{\"own\":[" + many + "]}}")
                        .status())
                .isEqualTo(422);
        assertThat(send(ann, HttpMethod.PATCH, few, "{\"query\":{\"keywords\":[\"tides\"]}}")
                        .status())
                .as("what fits can be changed")
                .isEqualTo(200);
    }

    @Test
    void numbers_of_its_owner_come_back_with_their_digits_also_after_another_key_has_changed() {
        User ann = gateway.user();
        List<String> digits = List.of(
                "1.10",
                "0.1234567890123456789012345",
                "12345678901234567890.5",
                "-3.00",
                "9007199254740993.0",
                "123456789012345678901234567890",
                "0.1");
        String own = "{\"deep\":[{\"n\":" + String.join("},{\"n\":", digits) + "}]}";
        String path = RULES + "/"
                + send(ann, HttpMethod.POST, RULES, "{\"name\":\"a\",\"query\":{\"own\":" + own + ",\"max_price\":20}}")
                        .id();

        assertThat(digitsOf(ann, path)).isEqualTo(digits);
        assertThat(send(ann, HttpMethod.PATCH, path, "{\"query\":{\"keywords\":[\"tides\"]}}")
                        .status())
                .isEqualTo(200);
        assertThat(digitsOf(ann, path)).isEqualTo(digits);
        String before = ann.get(path).json().getString("updated_at");
        assertThat(send(ann, HttpMethod.PATCH, path, "{\"query\":{\"own\":" + own + ",\"max_price\":20.0}}")
                        .json()
                        .getString("updated_at"))
                .as("the same again is no change")
                .isEqualTo(before);
        assertThat(send(ann, HttpMethod.POST, "/api/watch-rules/preview", "{\"query\":{\"own\":" + own + "}}")
                        .http()
                        .bodyAsString())
                .contains(digits);
    }

    @Test
    void a_number_that_nobody_could_read_back_is_refused() {
        User ann = gateway.user();
        for (String number : List.of("1e309", "-1e400", "1e999999999", "1e-401", "0e999999999", "1e-999999999")) {
            Reply refused = send(ann, HttpMethod.POST, RULES, "{\"name\":\"a\",\"query\":{\"own\":" + number + "}}");
            assertThat(refused.status()).as(number).isEqualTo(422);
            assertThat(refused.message()).as(number).contains("numbers must be finite");
        }
    }

    private static List<String> digitsOf(User user, String path) {
        return Pattern.compile("\"n\": *([^}]+)")
                .matcher(user.get(path).http().bodyAsString())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** As it stands: {@link JsonObject} would spoil the digits. */
    private static Reply send(User user, HttpMethod method, String path, String body) {
        return TestNode.await(user.sending(method, path, Buffer.buffer(body)));
    }

    private static JsonObject rule(String query) {
        return new JsonObject().put("name", "a").put("query", new JsonObject(query));
    }

    private static JsonObject query(String query) {
        return new JsonObject().put("query", new JsonObject(query));
    }
}
