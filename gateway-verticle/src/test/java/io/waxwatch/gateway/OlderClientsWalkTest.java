package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.OlderClientsTest.Fact;
import io.waxwatch.gateway.OlderClientsTest.Known;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import io.waxwatch.gateway.testing.TestIssuer;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Goes the ways of a client of the reference API, sends what it sends, and reads from the real answers what it reads: the
 * facts of {@code older-clients.txt}.
 */
class OlderClientsWalkTest {

    /** Asked of a provider service, or of the issuer, or read over time; tests of their own have those there. */
    private static final Set<String> ELSEWHERE = Set.of(
            "POST /api/auth/login",
            "POST /api/search",
            "GET /api/stream/events",
            "GET /api/outbound/ebay/{listing_id}",
            "POST /api/integrations/discogs/oauth/start",
            "POST /api/integrations/discogs/oauth/callback",
            "POST /api/integrations/discogs/connect",
            "POST /api/integrations/discogs/disconnect",
            "POST /api/integrations/discogs/import",
            "GET /api/integrations/discogs/import/{job_id}",
            "GET /api/integrations/discogs/imported-items",
            "GET /api/integrations/discogs/imported-items/{watch_release_id}/open-in-discogs");

    private static TestGateway gateway;
    private static List<Known> known;

    private final Set<String> gone = new TreeSet<>();

    @BeforeAll
    static void start() throws IOException {
        gateway = TestGateway.start(Map.of());
        known = OlderClientsTest.known();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void an_older_client_goes_all_its_ways() {
        User ann = gateway.user();
        readiness();
        account(ann);
        rules(ann);
        releases(ann);
        inbox(ann);
        logs(ann);
        ends();

        var all = new TreeSet<String>();
        known.forEach(each -> all.add(each.toString()));
        all.removeAll(ELSEWHERE);
        assertThat(gone).isEqualTo(all);
    }

    private void readiness() {
        User nobody = gateway.bearer(null);
        go(nobody, "GET /healthz", Map.of(), null);
        go(nobody, "GET /readyz", Map.of(), null);
    }

    private void account(User ann) {
        go(ann, "GET /api/me", Map.of(), null);
        var preferences = new JsonObject()
                .put("timezone", "Europe/Berlin")
                .put("currency", "EUR")
                .put("notifications_email", true)
                .put("notifications_push", false)
                .put("quiet_hours_start", 22)
                .put("quiet_hours_end", 7)
                .put("notification_timezone", "Europe/Berlin")
                .put("delivery_frequency", "daily");
        var patched = (JsonObject) go(
                ann,
                "PATCH /api/me",
                Map.of(),
                new JsonObject().put("display_name", "Wax Hunter").put("preferences", preferences));
        assertThat(patched.getJsonObject("preferences")).isEqualTo(preferences);
        go(ann, "GET /api/integrations/discogs/status", Map.of(), null);
    }

    private void rules(User ann) {
        var query = new JsonObject().put("q", "detroit techno").put("max_price", 40);
        go(ann, "POST /api/watch-rules", Map.of(), new JsonObject().put("name", "Techno under $40"));
        var withoutSources = (JsonObject) go(
                ann,
                "POST /api/watch-rules",
                Map.of(),
                new JsonObject().put("name", "Techno").put("query", query));
        assertThat(withoutSources.getJsonObject("query").getJsonArray("sources"))
                .isNotEmpty();
        var rule = (JsonObject) go(
                ann,
                "POST /api/watch-rules",
                Map.of(),
                new JsonObject()
                        .put("name", "Techno under $40")
                        .put("query", query.copy().put("sources", new JsonArray().add("discogs")))
                        .put("is_active", true)
                        .put("poll_interval_seconds", 600));
        Map<String, String> id = Map.of("rule_id", rule.getString("id"));
        assertThat((JsonArray) go(ann, "GET /api/watch-rules", Map.of(), null)).hasSize(3);
        go(ann, "GET /api/watch-rules/{rule_id}", id, null);
        go(ann, "PATCH /api/watch-rules/{rule_id}", id, new JsonObject().put("query", new JsonObject().put("q", "x")));
        go(ann, "POST /api/watch-rules/{rule_id}/disable", id, null);
        go(ann, "DELETE /api/watch-rules/{rule_id}", id, null);
        go(ann, "DELETE /api/watch-rules/{rule_id}/hard", id, null);
        go(
                ann,
                "POST /api/search/save-alert",
                Map.of(),
                new JsonObject()
                        .put("name", "From a search")
                        .put("query", new JsonObject().put("keywords", new JsonArray().add("primus")))
                        .put("poll_interval_seconds", 600));
    }

    private void releases(User ann) {
        var release = (JsonObject) go(
                ann,
                "POST /api/watch-releases",
                Map.of(),
                new JsonObject()
                        .put("discogs_release_id", 249504)
                        .put("title", "Tago Mago")
                        .put("artist", "Can")
                        .put("year", 1971)
                        .put("target_price", 45.5)
                        .put("currency", "EUR")
                        .put("min_condition", "VG+"));
        Map<String, String> id = Map.of("watch_release_id", release.getString("id"));
        go(ann, "GET /api/watch-releases", Map.of(), null);
        go(ann, "GET /api/watch-releases/{watch_release_id}", id, null);
        go(ann, "PATCH /api/watch-releases/{watch_release_id}", id, new JsonObject().put("target_price", 30));
        go(ann, "DELETE /api/watch-releases/{watch_release_id}", id, null);
    }

    private void inbox(User ann) {
        gateway.event(ann.id, new JsonObject().put("listing_title", "Tago Mago"));
        assertThat((JsonArray) go(ann, "GET /api/events", Map.of(), null)).isNotEmpty();
        var notifications = (JsonArray) go(ann, "GET /api/notifications", Map.of(), null);
        go(ann, "GET /api/notifications/unread-count", Map.of(), null);
        String first = notifications.getJsonObject(0).getString("id");
        go(ann, "POST /api/notifications/{notification_id}/read", Map.of("notification_id", first), null);
    }

    private void logs(User ann) {
        gateway.sql(
                "INSERT INTO provider_requests (id, user_id, provider, endpoint, method, status_code, duration_ms,"
                        + " created_at)"
                        + " VALUES ($1, $2, 'discogs', '/database/search', 'GET', 200, 120, now())",
                UUID.randomUUID(),
                ann.id);
        TestIssuer issuer = gateway.issuer();
        User admin = gateway.bearer(TestIssuer.sign(
                issuer.claims(UUID.randomUUID()).claim("role", "service_role").build()));
        go(ann, "GET /api/provider-requests", Map.of(), null);
        go(ann, "GET /api/provider-requests/summary", Map.of(), null);
        assertThat((JsonArray) go(admin, "GET /api/provider-requests/admin", Map.of(), null))
                .isNotEmpty();
        go(admin, "GET /api/provider-requests/admin/summary", Map.of(), null);
    }

    private void ends() {
        for (String end : List.of("POST /api/me/logout", "DELETE /api/me", "DELETE /api/me/hard-delete")) {
            User leaving = gateway.user();
            leaving.get("/api/me");
            go(leaving, end, Map.of(), null);
        }
    }

    /** Asks, and reads the answer as an older client does. */
    private Object go(User user, String way, Map<String, String> parameters, JsonObject body) {
        Known operation = known.stream()
                .filter(each -> each.toString().equals(way))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no older client knows " + way));
        gone.add(way);
        String path = operation.path();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        Reply reply = user.send(operation.method(), path, body);
        assertThat(reply.status())
                .as("%s: %s", way, reply.http().bodyAsString())
                .isEqualTo(Integer.valueOf(operation.status()));
        if (reply.http().body() == null) {
            return null;
        }
        Object answer = Json.decodeValue(reply.http().body());
        operation.facts().forEach((name, fact) -> {
            if (name.startsWith("answer ")) {
                read(way + " " + name, name.substring("answer ".length()), fact, answer);
            }
        });
        return answer;
    }

    /** @param name fields with dots between them, {@code []} behind a list */
    private static void read(String what, String name, Fact fact, Object in) {
        if (name.isEmpty()) {
            assertReadable(what, fact, in);
        } else if (name.startsWith("[]")) {
            ((JsonArray) in).forEach(item -> read(what, name.replaceFirst("^\\[]\\.?", ""), fact, item));
        } else {
            String field = name.replaceFirst("[.\\[].*", "");
            String rest = name.substring(field.length()).replaceFirst("^\\.", "");
            var object = (JsonObject) in;
            if (rest.isEmpty() && fact.required()) {
                assertThat(object.containsKey(field)).as(what).isTrue();
            }
            if (object.containsKey(field) && (rest.isEmpty() || object.getValue(field) != null)) {
                read(what, rest, fact, object.getValue(field));
            }
        }
    }

    private static void assertReadable(String what, Fact fact, Object value) {
        if (!fact.types().contains("any")) {
            assertThat(typesOf(value)).as("%s is %s", what, value).containsAnyElementsOf(fact.types());
        }
        if (value instanceof String text && !fact.words().isEmpty()) {
            assertThat(fact.words()).as(what).contains(text);
        }
        if (value instanceof String text && "uuid".equals(fact.format())) {
            assertThat(UUID.fromString(text)).as(what).hasToString(text);
        }
        if (value instanceof String text && "date-time".equals(fact.format())) {
            assertThat(OffsetDateTime.parse(text)).as(what).isNotNull();
        }
    }

    private static Set<String> typesOf(Object value) {
        if (value == null) {
            return Set.of("null");
        }
        if (value instanceof String) {
            return Set.of("string");
        }
        if (value instanceof Boolean) {
            return Set.of("boolean");
        }
        if (value instanceof JsonArray) {
            return Set.of("array");
        }
        if (value instanceof JsonObject) {
            return Set.of("object");
        }
        return value instanceof Integer || value instanceof Long ? Set.of("integer", "number") : Set.of("number");
    }
}
