package io.waxwatch.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A sandbox on a free port and a client that speaks to it as a provider's client would. */
final class RunningSandbox implements AutoCloseable {

    final Vertx vertx = Vertx.vertx();
    final TestClock clock = new TestClock();
    final MarketplaceSandbox sandbox;
    final int port;
    private final WebClient client;
    private String token;

    RunningSandbox(SandboxOptions options) throws Exception {
        sandbox = new MarketplaceSandbox(vertx, options.withClock(clock));
        port = sandbox.start(0).await(5, SECONDS);
        client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(port)
                        .setUserAgentEnabled(false));
    }

    HttpRequest<Buffer> request(HttpMethod method, String uri) {
        return client.request(method, uri).timeout(4_000);
    }

    HttpResponse<Buffer> send(HttpMethod method, String uri, JsonObject body) throws Exception {
        HttpRequest<Buffer> request = request(method, uri);
        return (body == null ? request.send() : request.sendJsonObject(body)).await(5, SECONDS);
    }

    JsonObject control(HttpMethod method, String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> response = send(method, "/control" + path, body);
        if (response.statusCode() >= 300) {
            throw new AssertionError(response.statusCode() + " " + response.bodyAsString());
        }
        return response.statusCode() == 204 ? new JsonObject() : response.bodyAsJsonObject();
    }

    HttpResponse<Buffer> grant(String id, String secret, String form) throws Exception {
        String basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return request(HttpMethod.POST, "/identity/v1/oauth2/token")
                .putHeader("Authorization", "Basic " + basic)
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .sendBuffer(Buffer.buffer(form))
                .await(5, SECONDS);
    }

    String token() throws Exception {
        if (token == null) {
            token = grant("sandbox-client", "sandbox-secret", "grant_type=client_credentials")
                    .bodyAsJsonObject()
                    .getString("access_token");
        }
        return token;
    }

    void renewToken() {
        token = null;
    }

    HttpRequest<Buffer> ebay(String uri) throws Exception {
        return request(HttpMethod.GET, uri).bearerTokenAuthentication(token());
    }

    HttpResponse<Buffer> search(String query) throws Exception {
        return ebay("/buy/browse/v1/item_summary/search?" + query).send().await(5, SECONDS);
    }

    HttpRequest<Buffer> anonymousDiscogs(String uri) {
        return request(HttpMethod.GET, uri).putHeader("User-Agent", "WaxWatchTest/1.0");
    }

    HttpResponse<Buffer> discogs(String uri) throws Exception {
        return anonymousDiscogs(uri)
                .putHeader("Authorization", "Discogs token=sandbox-token")
                .send()
                .await(5, SECONDS);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        sandbox.close().await(5, SECONDS);
        vertx.close().await(5, SECONDS);
    }
}
