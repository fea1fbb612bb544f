package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscogsAccountTest {

    private static final String WANTS = "/users/sandbox-collector/wants";
    private static final String COLLECTION = "/users/sandbox-collector/collection/folders/0/releases";

    private RunningSandbox box;

    @BeforeEach
    void start() throws Exception {
        box = new RunningSandbox(SandboxOptions.defaults().withInitialListings(0));
    }

    @AfterEach
    void stop() throws Exception {
        box.close();
    }

    private static String header(String tokenSecret, String more) {
        return "OAuth oauth_consumer_key=\"sandbox-consumer\", oauth_nonce=\"n\", oauth_timestamp=\"1790000000\","
                + " oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"sandbox-consumer-secret%26" + tokenSecret
                + "\"" + more;
    }

    private HttpResponse<Buffer> call(HttpMethod method, String uri, String authorization) throws Exception {
        return box.request(method, uri)
                .putHeader("User-Agent", "WaxWatchTest/1.0")
                .putHeader("Authorization", authorization)
                .followRedirects(false)
                .send()
                .await(5, SECONDS);
    }

    private static Map<String, String> form(HttpResponse<Buffer> response) {
        return java.util.Arrays.stream(response.bodyAsString().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private Map<String, String> requestToken() throws Exception {
        var response = call(
                HttpMethod.GET,
                "/oauth/request_token",
                header("", ", oauth_callback=\"https%3A%2F%2Fapp.example%2Fback%3Fstate%3Dabc\""));
        assertThat(response.statusCode()).isEqualTo(200);
        return form(response);
    }

    private String agree(String token, String answer) throws Exception {
        return box.request(HttpMethod.POST, "/oauth/authorize")
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .followRedirects(false)
                .sendBuffer(Buffer.buffer("oauth_token=" + token + "&answer=" + answer))
                .await(5, SECONDS)
                .getHeader("Location");
    }

    private HttpResponse<Buffer> accessToken(Map<String, String> request, String verifier) throws Exception {
        return call(
                HttpMethod.POST,
                "/oauth/access_token",
                header(
                        request.get("oauth_token_secret"),
                        ", oauth_token=\"" + request.get("oauth_token") + "\", oauth_verifier=\"" + verifier + "\""));
    }

    @Test
    void three_steps_lead_to_an_identity() throws Exception {
        Map<String, String> request = requestToken();
        assertThat(request).containsEntry("oauth_callback_confirmed", "true");
        var page = box.request(HttpMethod.GET, "/oauth/authorize?oauth_token=" + request.get("oauth_token"))
                .send()
                .await(5, SECONDS);
        assertThat(page.bodyAsString()).contains("sandbox-collector", "Authorize");

        String back = agree(request.get("oauth_token"), "yes");
        assertThat(back)
                .startsWith("https://app.example/back?state=abc&oauth_token=" + request.get("oauth_token")
                        + "&oauth_verifier=");
        String verifier = back.substring(back.lastIndexOf('=') + 1);
        assertThat(accessToken(request, "wrong").statusCode()).isEqualTo(401);
        Map<String, String> access = form(accessToken(request, verifier));
        assertThat(accessToken(request, verifier).statusCode())
                .as("a request token is good for once")
                .isEqualTo(401);

        String signed = header(access.get("oauth_token_secret"), ", oauth_token=\"" + access.get("oauth_token") + "\"");
        assertThat(call(HttpMethod.GET, "/oauth/identity", signed)
                        .bodyAsJsonObject()
                        .getString("username"))
                .isEqualTo("sandbox-collector");
        assertThat(call(HttpMethod.GET, WANTS, signed).statusCode()).isEqualTo(200);
        box.control(HttpMethod.DELETE, "/tokens", null);
        assertThat(call(HttpMethod.GET, "/oauth/identity", signed).statusCode()).isEqualTo(401);
    }

    @Test
    void who_denies_is_sent_back_without_a_verifier() throws Exception {
        String token = requestToken().get("oauth_token");
        assertThat(agree(token, "no")).isEqualTo("https://app.example/back?state=abc&denied=" + token);
    }

    @Test
    void a_request_token_dies_after_a_quarter_of_an_hour() throws Exception {
        Map<String, String> request = requestToken();
        String back = agree(request.get("oauth_token"), "yes");
        box.clock.advance(Duration.ofMinutes(15));
        assertThat(accessToken(request, back.substring(back.lastIndexOf('=') + 1))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_wrong_signature_is_refused_in_plain_text() throws Exception {
        var refused = call(
                HttpMethod.GET,
                "/oauth/request_token",
                header("", ", oauth_callback=\"x\"").replace("consumer-secret", "guess"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.bodyAsString()).isEqualTo("Invalid consumer.");
        assertThat(call(HttpMethod.GET, WANTS, header("guess", ", oauth_token=\"t\""))
                        .bodyAsJsonObject()
                        .getString("message"))
                .isEqualTo("Invalid consumer token. Please register an app before making requests.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wants", "collection"})
    void pages_lead_through_the_whole_shelf(String shelf) throws Exception {
        String path = shelf.equals("wants") ? WANTS : COLLECTION;
        String rows = shelf.equals("wants") ? "wants" : "releases";
        Set<Object> releases = new HashSet<>();
        int seen = 0;
        int page = 1;
        JsonObject pagination;
        do {
            var response = box.discogs(path + "?per_page=100&page=" + page);
            assertThat(response.getHeader("X-Discogs-Ratelimit")).isEqualTo("60");
            pagination = response.bodyAsJsonObject().getJsonObject("pagination");
            JsonArray items = response.bodyAsJsonObject().getJsonArray(rows);
            seen += items.size();
            items.forEach(item -> releases.add(
                    ((JsonObject) item).getJsonObject("basic_information").getValue("id")));
            page++;
        } while (pagination.getJsonObject("urls").containsKey("next"));

        assertThat(seen).isEqualTo(pagination.getInteger("items"));
        assertThat(page - 1).isEqualTo(pagination.getInteger("pages"));
        // The collection holds one record twice.
        assertThat(seen - releases.size()).isEqualTo(shelf.equals("wants") ? 0 : 1);
        assertThat(box.discogs(path + "?per_page=100&page=" + page).statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_wantlist_is_for_its_owner_and_a_collection_for_everybody() throws Exception {
        assertThat(box.anonymousDiscogs(WANTS).send().await(5, SECONDS).statusCode())
                .isEqualTo(403);
        assertThat(box.anonymousDiscogs(COLLECTION).send().await(5, SECONDS).statusCode())
                .isEqualTo(200);
        assertThat(box.discogs("/users/nobody/wants").statusCode()).isEqualTo(404);
        assertThat(box.discogs(COLLECTION.replace("/0/", "/7/")).statusCode()).isEqualTo(404);
    }
}
