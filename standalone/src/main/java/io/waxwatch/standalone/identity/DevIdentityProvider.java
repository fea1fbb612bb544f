package io.waxwatch.standalone.identity;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An OpenID provider for the demo and the tests, in the shape of the hosted one that production uses (Supabase): issuer
 * {@code <base>/auth/v1}, audience {@code authenticated} unless told otherwise, RS256 tokens, a JWKS document, and a password grant for the
 * accounts given, with refresh tokens that are good once and until a restart. Never part of a production image.
 *
 * <p>Routes: {@code GET /.well-known/jwks.json}, {@code GET /auth/v1/.well-known/jwks.json},
 * {@code GET [/auth/v1]/.well-known/openid-configuration}, {@code POST /token} and {@code POST /auth/v1/token} (grant
 * type {@code password} or {@code refresh_token}; credentials as JSON {@code email}/{@code password} or as a form {@code username}/{@code
 * password}), {@code GET /healthz}.
 *
 * <p>Safe to use from any thread once {@link #start} has succeeded.
 */
public final class DevIdentityProvider {
    private static final Logger log = LoggerFactory.getLogger(DevIdentityProvider.class);

    /** The usual audience, and the role of every user. */
    public static final String AUDIENCE = "authenticated";

    /** How it signs. */
    public static final String ALGORITHM = "RS256";

    private static final String ISSUER_PATH = "/auth/v1";
    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_REFRESH_TOKENS = 1000;

    private final Vertx vertx;
    private final Options options;
    private final List<Account> accounts;
    private final Clock clock;
    /** In the order of issue; used on the server's event loop only. */
    private final Map<String, Account> refreshTokens = new LinkedHashMap<>();

    private volatile Running running;

    /**
     * Where and how to run.
     *
     * @param keyFile the signing key, made when missing and kept, so that tokens outlive a restart
     * @param port the port on 127.0.0.1, or 0 for a free one. The issuer holds the port: keep it and tokens stay valid
     * @param tokenLifetime how long a token of the password grant lives
     * @param audience of every token
     */
    public record Options(Path keyFile, int port, Duration tokenLifetime, String audience) {

        /** With the usual audience. */
        public Options(Path keyFile, int port, Duration tokenLifetime) {
            this(keyFile, port, tokenLifetime, AUDIENCE);
        }
    }

    /** Somebody who may log in with a password. The id is the token's subject. */
    public record Account(UUID userId, String email, String password) {
        @Override
        public String toString() {
            return "Account[" + userId + ", " + email + "]";
        }
    }

    private record Running(HttpServer server, int port, JWTAuth signer, Buffer jwks) {}

    private record Credentials(String grantType, String email, String password, String refreshToken) {}

    /** Creates the provider; nothing runs yet. */
    public DevIdentityProvider(Vertx vertx, Options options, List<Account> accounts, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.accounts = List.copyOf(accounts);
        this.clock = clock;
    }

    /**
     * Loads or makes the key and listens. Fails with {@link PartFailedException} when the port is taken or the key is
     * unreadable.
     */
    public Future<Void> start() {
        return vertx.executeBlocking(this::prepare).compose(this::listen).map(started -> {
            running = started;
            log.info("identity.started", kv("issuer", issuer()));
            return null;
        });
    }

    /** Stops listening; a request in flight gets one second. */
    public Future<Void> close() {
        Running was = running;
        running = null;
        return was == null ? Future.succeededFuture() : was.server().shutdown(1, TimeUnit.SECONDS);
    }

    /** {@code http://127.0.0.1:<port>}, without a slash at the end. Only while it runs. */
    public String baseUrl() {
        return "http://127.0.0.1:" + current().port();
    }

    /** The {@code iss} of every token, for {@code AUTH_ISSUER}. Only while it runs. */
    public String issuer() {
        return baseUrl() + ISSUER_PATH;
    }

    /** Where the public keys are, for {@code AUTH_JWKS_URL}. Only while it runs. */
    public String jwksUrl() {
        return issuer() + "/.well-known/jwks.json";
    }

    /** Issues a token as {@link #issueToken(UUID, String, Duration, Map)} without extra claims. */
    public String issueToken(UUID subject, String email, Duration validFor) {
        return issueToken(subject, email, validFor, Map.of());
    }

    /**
     * Signs a token. It takes about 1 ms of CPU and may be called on an event loop.
     *
     * @param validFor from now to {@code exp}, cut to whole seconds; negative gives an expired token, for tests
     * @param extraClaims added last, so they may also replace a claim (another audience, a bad subject), for tests
     */
    public String issueToken(UUID subject, String email, Duration validFor, Map<String, ?> extraClaims) {
        Running now = current();
        Instant issuedAt = clock.instant();
        var claims = new JsonObject()
                .put("iss", issuer())
                .put("sub", subject.toString())
                .put("aud", options.audience())
                .put("iat", issuedAt.getEpochSecond())
                .put("exp", issuedAt.plus(validFor).getEpochSecond())
                .put("email", email)
                .put("role", AUDIENCE);
        extraClaims.forEach(claims::put);
        return now.signer().generateToken(claims, new JWTOptions().setAlgorithm(ALGORITHM));
    }

    private Running current() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the identity provider is not running");
        }
        return now;
    }

    private Running prepare() {
        SigningKey key = SigningKey.loadOrCreate(options.keyFile());
        int port = Ports.claim(options.port(), "The identity provider", "STANDALONE_IDENTITY_PORT");
        JWTAuth signer = signer(key);
        Buffer jwks = new JsonObject()
                .put("keys", new JsonArray().add(key.publicPart()))
                .toBuffer();
        return new Running(null, port, signer, jwks);
    }

    /** The library leaves out a key that it cannot use, and then signs nothing. */
    private JWTAuth signer(SigningKey key) {
        var signer = JWTAuth.create(vertx, new JWTAuthOptions().addJwk(key.pair()));
        String token = signer.generateToken(new JsonObject(), new JWTOptions().setAlgorithm(ALGORITHM));
        if (token.split("\\.").length != 3) {
            throw SigningKey.unreadable(options.keyFile(), null);
        }
        return signer;
    }

    private Future<Running> listen(Running prepared) {
        return vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(this::route)
                .listen(prepared.port(), "127.0.0.1")
                .map(server -> new Running(server, server.actualPort(), prepared.signer(), prepared.jwks()));
    }

    private void route(HttpServerRequest request) {
        if (running == null) {
            // Between listening and started, or while closing.
            answer(request.response().setStatusCode(503), new JsonObject().put("error", "temporarily_unavailable"));
            return;
        }
        String path = request.path() == null ? "" : request.path();
        String route = path.startsWith(ISSUER_PATH + "/") ? path.substring(ISSUER_PATH.length()) : path;
        boolean get = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        if (get && route.equals("/.well-known/jwks.json")) {
            request.response().putHeader("cache-control", "public, max-age=60");
            answer(request.response(), current().jwks());
        } else if (get && route.equals("/.well-known/openid-configuration")) {
            answer(request.response(), discovery());
        } else if (get && route.equals("/healthz")) {
            answer(request.response(), new JsonObject().put("status", "ok"));
        } else if (request.method() == HttpMethod.POST && route.equals("/token")) {
            body(request)
                    .map(body -> grant(credentials(request, body)))
                    .onComplete(
                            grant -> answer(request.response().putHeader("cache-control", "no-store"), grant),
                            failure -> refuse(request, failure));
        } else {
            answer(request.response().setStatusCode(404), new JsonObject().put("error", "not_found"));
        }
    }

    private JsonObject discovery() {
        return new JsonObject()
                .put("issuer", issuer())
                .put("jwks_uri", jwksUrl())
                .put("token_endpoint", issuer() + "/token")
                .put("grant_types_supported", new JsonArray().add("password").add("refresh_token"))
                .put("response_types_supported", new JsonArray().add("token"))
                .put("subject_types_supported", new JsonArray().add("public"))
                .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256"))
                .put("token_endpoint_auth_methods_supported", new JsonArray().add("none"));
    }

    private static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer received = Buffer.buffer();
        request.exceptionHandler(whole::tryFail);
        request.handler(chunk -> {
            if (received.length() + chunk.length() > MAX_BODY_BYTES) {
                // What still comes is read and dropped: closing the connection could cost the sender the answer.
                whole.tryFail(new Refusal(413, "invalid_request", "The body is larger than " + MAX_BODY_BYTES));
            } else {
                received.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> whole.tryComplete(received));
        return whole.future();
    }

    private static Credentials credentials(HttpServerRequest request, Buffer body) {
        Optional<String> grantInQuery = Optional.ofNullable(request.getParam("grant_type"));
        String type = Optional.ofNullable(request.getHeader("content-type")).orElse("");
        if (type.startsWith("application/json")) {
            try {
                JsonObject json = body.toJsonObject();
                return new Credentials(
                        grantInQuery.orElseGet(() -> text(json, "grant_type")),
                        text(json, "email"),
                        text(json, "password"),
                        text(json, "refresh_token"));
            } catch (DecodeException e) {
                throw new Refusal(400, "invalid_request", "The body is not JSON");
            }
        }
        Map<String, List<String>> form = form(body.toString(StandardCharsets.UTF_8));
        return new Credentials(
                grantInQuery.orElseGet(() -> first(form, "grant_type")),
                first(form, "username").isEmpty() ? first(form, "email") : first(form, "username"),
                first(form, "password"),
                first(form, "refresh_token"));
    }

    private static Map<String, List<String>> form(String body) {
        Map<String, List<String>> fields = new HashMap<>();
        for (String field : body.split("&", -1)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            String value = equals < 0 ? "" : field.substring(equals + 1);
            fields.computeIfAbsent(decoded(name), none -> new ArrayList<>()).add(decoded(value));
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(400, "invalid_request", "The body is not a form");
        }
    }

    private Account whose(Credentials credentials) {
        Optional<Account> account = switch (credentials.grantType()) {
            case "password" ->
                accounts.stream()
                        .filter(known -> known.email().equalsIgnoreCase(credentials.email())
                                && MessageDigest.isEqual(bytes(known.password()), bytes(credentials.password())))
                        .findFirst();
            case "refresh_token" -> Optional.ofNullable(refreshTokens.remove(credentials.refreshToken()));
            default ->
                throw new Refusal(
                        400, "unsupported_grant_type", "Only the grants password and refresh_token are offered here");
        };
        return account.orElseThrow(() -> new Refusal(400, "invalid_grant", "Invalid login credentials"));
    }

    /** Good once; beyond so many, the oldest are forgotten. */
    private String refreshTokenOf(Account account) {
        String token = UUID.randomUUID().toString();
        refreshTokens.put(token, account);
        while (refreshTokens.size() > MAX_REFRESH_TOKENS) {
            refreshTokens.remove(refreshTokens.keySet().iterator().next());
        }
        return token;
    }

    private JsonObject grant(Credentials credentials) {
        Account account = whose(credentials);
        long seconds = options.tokenLifetime().toSeconds();
        return new JsonObject()
                .put("access_token", issueToken(account.userId(), account.email(), options.tokenLifetime()))
                .put("refresh_token", refreshTokenOf(account))
                .put("token_type", "bearer")
                .put("expires_in", seconds)
                .put("expires_at", clock.instant().getEpochSecond() + seconds)
                .put(
                        "user",
                        new JsonObject()
                                .put("id", account.userId().toString())
                                .put("aud", options.audience())
                                .put("role", AUDIENCE)
                                .put("email", account.email()));
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (failure instanceof Refusal refusal) {
            answer(
                    response.setStatusCode(refusal.status),
                    new JsonObject().put("error", refusal.error).put("error_description", refusal.getMessage()));
        } else {
            log.error("identity.request_failed", kv("path", request.path()), failure);
            answer(response.setStatusCode(500), new JsonObject().put("error", "server_error"));
        }
    }

    private static void answer(HttpServerResponse response, JsonObject body) {
        answer(response, body.toBuffer());
    }

    private static void answer(HttpServerResponse response, Buffer body) {
        response.putHeader("content-type", "application/json; charset=utf-8").end(body);
    }

    private static String text(JsonObject json, String name) {
        return json.getValue(name) instanceof String value ? value : "";
    }

    private static String first(Map<String, List<String>> form, String name) {
        List<String> values = form.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.get(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An answer in the error form of OAuth 2 (RFC 6749, section 5.2). */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String error;

        Refusal(int status, String error, String description) {
            super(description, null, false, false);
            this.status = status;
            this.error = error;
        }
    }
}
