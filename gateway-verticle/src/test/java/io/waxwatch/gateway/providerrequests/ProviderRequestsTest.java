package io.waxwatch.gateway.providerrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
class ProviderRequestsTest {

    private static final String OWN = "/api/provider-requests";
    private static final String ADMIN = OWN + "/admin";

    private static TestGateway gateway;

    private User ann;
    private User bob;
    private User admin;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void log_some_calls() {
        gateway.sql("DELETE FROM provider_requests");
        ann = gateway.user();
        bob = gateway.user();
        admin = administrator(UUID.randomUUID());
        for (User user : List.of(ann, bob, admin)) {
            assertThat(user.get("/api/me").status()).isEqualTo(200);
        }
        call(ann, "ebay", "2026-01-01T00:00:00Z", 200, 100, null);
        call(ann, "ebay", "2026-01-02T00:00:00Z", 200, 101, null);
        call(ann, "ebay", "2026-01-03T00:00:00Z", 503, 102, "eBay error 503");
        call(ann, "discogs", "2026-01-04T00:00:00Z", null, null, "Discogs network error");
        call(ann, "mock", "2026-01-05T00:00:00Z", 404, null, "");
        call(bob, "ebay", "2026-01-06T00:00:00Z", 200, 7, null);
    }

    private static User administrator(UUID id) {
        return gateway
        .new User(
                id,
                TestIssuer.sign(
                        gateway.issuer().claims(id).claim("role", "admin").build()));
    }

    private static void call(User user, String provider, String at, Integer status, Integer duration, String error) {
        gateway.sql(
                "INSERT INTO provider_requests (id, user_id, provider, endpoint, method, status_code, duration_ms, error, meta,"
                        + " created_at) VALUES (gen_random_uuid(), $1, $2::text::provider_enum, '/search', 'GET', $3, $4, $5,"
                        + " '{\"attempt\": 1}', $6)",
                user.id,
                provider,
                status,
                duration,
                error,
                OffsetDateTime.parse(at));
    }

    @Test
    void shows_a_collector_their_own_calls_newest_first() {
        JsonArray calls = ann.get(OWN).list();
        assertThat(calls).hasSize(5);
        JsonObject newest = calls.getJsonObject(0);
        assertThat(newest.getMap().keySet())
                .containsExactly(
                        "provider", "endpoint", "method", "status_code", "duration_ms", "error", "meta", "created_at");
        assertThat(newest.getString("created_at")).isEqualTo("2026-01-05T00:00:00Z");
        assertThat(newest.getJsonObject("meta")).isEqualTo(new JsonObject().put("attempt", 1));
        assertThat(bob.get(OWN).list()).hasSize(1);
        assertThat(gateway.user().get(OWN).list()).isEmpty();

        String next = ann.get(OWN + "?limit=2").header("link").replaceFirst("^<(.*)>.*$", "$1");
        assertThat(ann.get(next).list().getJsonObject(0).getString("created_at"))
                .isEqualTo("2026-01-03T00:00:00Z");
    }

    @Test
    void sums_up_exactly() {
        assertThat(ann.get(OWN + "/summary").list())
                .isEqualTo(
                        new JsonArray(
                                "[{\"provider\":\"discogs\",\"total_requests\":1,\"error_requests\":1,"
                                        + "\"avg_duration_ms\":null},"
                                        + "{\"provider\":\"ebay\",\"total_requests\":3,\"error_requests\":1,\"avg_duration_ms\":101},"
                                        + "{\"provider\":\"mock\",\"total_requests\":1,\"error_requests\":1,\"avg_duration_ms\":null}]"));
        assertThat(admin.get(ADMIN + "/summary?provider=ebay").list())
                .isEqualTo(new JsonArray("[{\"provider\":\"ebay\",\"total_requests\":4,\"error_requests\":1,"
                        + "\"avg_duration_ms\":77.5}]"));
        assertThat(gateway.user().get(OWN + "/summary").list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 6",
        "provider=ebay, 4",
        "provider=spotify, 0",
        "status_code_gte=400, 2",
        "status_code_lte=399, 3",
        "status_code_gte=404&status_code_lte=404, 1",
        "created_from=2026-01-03T00:00:00Z, 4",
        "created_to=2026-01-03T00:00:00, 3",
        "created_from=2026-01-02&created_to=2026-01-03T01:00:00%2B01:00, 2",
        "created_from=1767398400, 4",
        "provider=ebay&status_code_gte=500&unknown=1, 1"
    })
    void shows_an_administrator_what_the_filters_leave(String filters, int count) {
        JsonArray calls = admin.get(ADMIN + "?" + filters).list();
        assertThat(calls).hasSize(count);
        long total = 0;
        for (Object summary : admin.get(ADMIN + "/summary?" + filters).list()) {
            total += ((JsonObject) summary).getLong("total_requests");
        }
        assertThat(total).isEqualTo(count);
    }

    @Test
    void tells_an_administrator_whose_call_it_was() {
        JsonArray calls = admin.get(ADMIN + "?user_id=" + bob.id).list();
        assertThat(calls).hasSize(1);
        assertThat(calls.getJsonObject(0).getString("user_id")).isEqualTo(bob.id.toString());
        assertThat(calls.getJsonObject(0).getMap().keySet()).endsWith("created_at", "id", "user_id");
        String link = admin.get(ADMIN + "?user_id=" + ann.id + "&limit=4").header("link");
        assertThat(link).contains("user_id=" + ann.id).contains("limit=4");
        assertThat(admin.get(link.replaceFirst("^<(.*)>.*$", "$1")).list()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "provider=amazon|enum|Input should be 'discogs', 'ebay', 'mock', 'musicbrainz' or 'spotify'",
                "status_code_gte=99|greater_than_equal|Input should be greater than or equal to 100",
                "status_code_lte=600|less_than_equal|Input should be less than or equal to 599",
                "created_from=soon|datetime_from_date_parsing"
                        + "|Input should be a valid datetime or date, it must be ISO 8601 or Unix seconds",
                "user_id=me|uuid_parsing"
                        + "|Input should be a valid UUID, it must be 32 hexadecimal digits, with or without hyphens"
            })
    void refuses_filters_that_are_none(String filter, String type, String message) {
        for (String path : List.of(ADMIN, ADMIN + "/summary")) {
            Reply refused = admin.get(path + "?" + filter);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.violation().getString("type")).isEqualTo(type);
            assertThat(refused.violation().getString("msg")).isEqualTo(message);
            assertThat(refused.violation().getJsonArray("loc"))
                    .isEqualTo(new JsonArray().add("query").add(filter.split("=")[0]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status_code_gte=500&status_code_lte=499, status_code_gte cannot be greater than status_code_lte",
        "created_from=2026-02-01&created_to=2026-01-31T00:00:00Z, created_from cannot be greater than created_to"
    })
    void refuses_filters_that_contradict_each_other(String filters, String message) {
        for (String path : List.of(ADMIN, ADMIN + "/summary")) {
            Reply refused = admin.get(path + "?" + filters);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.error().getString("code")).isEqualTo("http_error");
            assertThat(refused.message()).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ADMIN, ADMIN + "/summary", ADMIN + "?provider=amazon", ADMIN + "/summary?user_id=me"})
    void lets_only_administrators_see_everything_whatever_they_ask(String path) {
        Reply refused = ann.get(path);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.message()).isEqualTo("Admin access required");
        assertThat(gateway.bearer(null).get(path).status()).isEqualTo(401);
        User gone = administrator(UUID.randomUUID());
        gone.get("/api/me");
        gone.delete("/api/me");
        assertThat(gone.get(path).message()).isEqualTo("User account is inactive");
    }
}
