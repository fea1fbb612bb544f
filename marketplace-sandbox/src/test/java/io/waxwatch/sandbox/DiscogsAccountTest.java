package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/database/search?q=harbour&token=sandbox-token",
                "/database/search?q=harbour&key=sandbox-consumer&secret=sandbox-consumer-secret"
            })
    void credentials_may_stand_in_the_query(String uri) throws Exception {
        var response = box.anonymousDiscogs(uri).send().await(5, SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("X-Discogs-Ratelimit")).isEqualTo("60");
        assertThat(response.bodyAsJsonObject()
                        .getJsonArray("results")
                        .getJsonObject(0)
                        .getString("thumb"))
                .isNotEmpty();
    }

    @Test
    void a_token_speaks_for_its_owner_and_a_key_for_nobody() throws Exception {
        assertThat(box.anonymousDiscogs(WANTS + "?token=sandbox-token")
                        .send()
                        .await(5, SECONDS)
                        .statusCode())
                .isEqualTo(200);
        String application = "Discogs key=sandbox-consumer, secret=sandbox-consumer-secret";
        assertThat(call(HttpMethod.GET, WANTS, application).statusCode()).isEqualTo(403);
        assertThat(call(HttpMethod.GET, "/oauth/identity", application).statusCode())
                .isEqualTo(401);
        assertThat(call(HttpMethod.GET, "/database/search?q=harbour", application)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?token=nope",
                "?key=sandbox-consumer",
                "?key=sandbox-consumer&secret=nope",
                "?secret=sandbox-consumer-secret"
            })
    void wrong_credentials_in_the_query_are_refused(String query) throws Exception {
        var response =
                box.anonymousDiscogs("/releases/900000001" + query).send().await(5, SECONDS);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.bodyAsString())
                .isEqualTo("{\"message\": \"Invalid consumer token. Please register an app before making requests.\"}");
    }

    @Test
    void hmac_sha1_leads_to_an_identity_too_with_the_fields_wherever_a_client_puts_them() throws Exception {
        // First step: POST, all in the header.
        var asked = call(
                HttpMethod.POST,
                "/oauth/request_token",
                hmac("POST", "/oauth/request_token", "", "", Map.of("oauth_callback", "https://app.example/back")));
        assertThat(asked.statusCode()).isEqualTo(200);
        Map<String, String> request = form(asked);
        String back = agree(request.get("oauth_token"), "yes");
        String verifier = back.substring(back.lastIndexOf('=') + 1);
        // Third step: GET, with the verifier in the query.
        var granted = call(
                HttpMethod.GET,
                "/oauth/access_token?oauth_verifier=" + verifier,
                hmac(
                        "GET",
                        "/oauth/access_token",
                        "oauth_verifier=" + verifier,
                        request.get("oauth_token_secret"),
                        Map.of("oauth_token", request.get("oauth_token"))));
        assertThat(granted.statusCode()).isEqualTo(200);
        Map<String, String> access = form(granted);

        String signed = hmac(
                "GET",
                "/database/search",
                "q=blue+harbour&type=master",
                access.get("oauth_token_secret"),
                Map.of("oauth_token", access.get("oauth_token")));
        assertThat(call(HttpMethod.GET, "/database/search?q=blue+harbour&type=master", signed)
                        .statusCode())
                .isEqualTo(200);
        assertThat(call(HttpMethod.GET, "/database/search?q=blue+harbour&type=release", signed)
                        .statusCode())
                .as("the signature covers the query")
                .isEqualTo(401);
    }

    @Test
    void a_verifier_may_come_in_a_form_and_without_a_callback_it_is_shown() throws Exception {
        Map<String, String> request =
                form(call(HttpMethod.GET, "/oauth/request_token", header("", ", oauth_callback=\"oob\"")));
        String page = box.request(HttpMethod.POST, "/oauth/authorize")
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .sendBuffer(Buffer.buffer("oauth_token=" + request.get("oauth_token")))
                .await(5, SECONDS)
                .bodyAsString();
        String verifier = page.replaceAll(".*<b>(.*)</b>.*", "$1");
        var granted = box.request(HttpMethod.POST, "/oauth/access_token")
                .putHeader("User-Agent", "WaxWatchTest/1.0")
                .putHeader(
                        "Authorization",
                        header(
                                request.get("oauth_token_secret"),
                                ", oauth_token=\"" + request.get("oauth_token") + "\""))
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .sendBuffer(Buffer.buffer("oauth_verifier=" + verifier))
                .await(5, SECONDS);
        assertThat(granted.statusCode()).isEqualTo(200);
    }

    /** Signed by the few lines of the specification, apart from the sandbox's own. */
    private String hmac(String method, String path, String query, String tokenSecret, Map<String, String> more)
            throws Exception {
        var fields = new TreeMap<String, String>(more);
        fields.put("oauth_consumer_key", "sandbox-consumer");
        fields.put("oauth_nonce", "4572616e48616d6d");
        fields.put("oauth_signature_method", "HMAC-SHA1");
        fields.put("oauth_timestamp", "1790000000");
        fields.put("oauth_version", "1.0");
        var signed = new TreeMap<>(fields);
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                signed.put(pair.split("=")[0], URLDecoder.decode(pair.split("=")[1], StandardCharsets.UTF_8));
            }
        }
        String parameters = signed.entrySet().stream()
                .map(field -> percent(field.getKey()) + "=" + percent(field.getValue()))
                .collect(Collectors.joining("&"));
        String base = method + "&" + percent("http://127.0.0.1:" + box.port + path) + "&" + percent(parameters);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(
                ("sandbox-consumer-secret&" + tokenSecret).getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        fields.put(
                "oauth_signature",
                Base64.getEncoder().encodeToString(mac.doFinal(base.getBytes(StandardCharsets.UTF_8))));
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=\"" + percent(field.getValue()) + "\"")
                .collect(Collectors.joining(", ", "OAuth ", ""));
    }

    private static String percent(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void every_address_of_the_profile_leads_somewhere() throws Exception {
        JsonObject profile = box.discogs("/users/sandbox-collector").bodyAsJsonObject();
        assertThat(profile.getInteger("num_wantlist")).isEqualTo(230);
        assertThat(profile.getInteger("num_collection")).isEqualTo(61);
        for (String name : List.of(
                "resource_url", "wantlist_url", "inventory_url", "collection_folders_url", "collection_fields_url")) {
            String address = profile.getString(name).replace("http://127.0.0.1:" + box.port, "");
            assertThat(box.discogs(address).statusCode()).as(name).isEqualTo(200);
        }
        assertThat(profile.getString("email")).isNotEmpty();
        assertThat(box.anonymousDiscogs("/users/sandbox-collector")
                        .send()
                        .await(5, SECONDS)
                        .bodyAsJsonObject()
                        .containsKey("email"))
                .isFalse();
    }

    @Test
    void a_stranger_sees_one_folder_and_the_public_list_and_the_owner_both() throws Exception {
        String folders = "/users/sandbox-collector/collection/folders";
        assertThat(box.discogs(folders).bodyAsJsonObject().getJsonArray("folders"))
                .hasSize(2);
        assertThat(stranger(folders).bodyAsJsonObject().getJsonArray("folders")).hasSize(1);
        assertThat(box.discogs(folders + "/1").bodyAsJsonObject().getString("name"))
                .isEqualTo("Uncategorized");
        assertThat(stranger(folders + "/1/releases").statusCode()).isEqualTo(403);
        assertThat(stranger(folders + "/0").statusCode()).isEqualTo(200);
        String lists = "/users/sandbox-collector/lists";
        assertThat(box.discogs(lists).bodyAsJsonObject().getJsonArray("lists")).hasSize(2);
        assertThat(stranger(lists).bodyAsJsonObject().getJsonArray("lists")).hasSize(1);
        assertThat(box.discogs("/lists/880002").bodyAsJsonObject().getJsonArray("items"))
                .hasSize(3);
        assertThat(stranger("/lists/880002").statusCode()).isEqualTo(403);
        assertThat(stranger("/users/sandbox-collector/collection/value").statusCode())
                .isEqualTo(403);
    }

    @Test
    void one_copy_has_one_number_on_every_page_and_two_copies_two() throws Exception {
        JsonObject first = box.discogs(COLLECTION + "?per_page=1&page=2")
                .bodyAsJsonObject()
                .getJsonArray("releases")
                .getJsonObject(0);
        JsonObject same = box.discogs(COLLECTION + "?per_page=50")
                .bodyAsJsonObject()
                .getJsonArray("releases")
                .getJsonObject(1);
        assertThat(first).isEqualTo(same);
        assertThat(box.discogs("/users/sandbox-collector/collection/releases/" + first.getLong("id"))
                        .bodyAsJsonObject()
                        .getJsonArray("releases"))
                .hasSize(2);
    }

    private HttpResponse<Buffer> stranger(String uri) throws Exception {
        return box.anonymousDiscogs(uri).send().await(5, SECONDS);
    }
}
