package io.waxwatch.gateway.sessions;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.outbound.OutboundAnswer;
import io.waxwatch.common.outbound.OutboundRequest;
import io.waxwatch.common.outbound.OutboundTransport;
import io.waxwatch.common.outbound.TransportOptions;
import io.waxwatch.common.settings.PasswordGrantStyle;
import io.waxwatch.common.settings.Secret;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.LogBudget;
import io.waxwatch.gateway.http.ApiException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the issuer for tokens, by a password or by a refresh token: in Supabase's form (JSON, grant type in the query, {@code
 * apikey}) or in that of OAuth 2 (a form). Safe for all threads.
 */
final class PasswordGrant {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 64 * 1024;
    static final int RETRY_AFTER_SECONDS = 5;
    /**
     * What says that this password or refresh token is no good, or this user is kept out: RFC 6749, 5.2, and the error codes of
     * Supabase's {@code auth} ({@code internal/api/errorcodes.go}).
     */
    private static final Set<String> ABOUT_THE_USER = Set.of(
            "invalid_grant",
            "invalid_credentials",
            "email_not_confirmed",
            "user_banned",
            "user_not_found",
            "session_not_found",
            "session_expired",
            "refresh_token_not_found",
            "refresh_token_already_used");
    /** Fit for a log. */
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    /**
     * What the issuer gave.
     *
     * @param refreshToken null for none
     */
    record Granted(String accessToken, String refreshToken) {}

    private final OutboundTransport http;
    private final boolean supabase;
    private final String url;
    private final Optional<String> clientId;
    private final Optional<Secret> clientSecret;
    private final String scope;
    private final String audience;
    private final LogBudget budget = new LogBudget(System::nanoTime);

    PasswordGrant(Vertx vertx, Settings settings) {
        this.http = new OutboundTransport(
                vertx,
                TransportOptions.to("issuer-tokens", settings.authTokenUrl())
                        .deadline(DEADLINE)
                        .maxBodyBytes(MAX_BYTES)
                        .build());
        this.supabase = settings.get(SettingsCatalog.AUTH_PASSWORD_GRANT) == PasswordGrantStyle.SUPABASE;
        this.url = settings.authTokenUrl().toString();
        this.clientId = settings.find(SettingsCatalog.AUTH_CLIENT_ID);
        this.clientSecret = settings.find(SettingsCatalog.AUTH_CLIENT_SECRET);
        this.scope = settings.get(SettingsCatalog.AUTH_SCOPE);
        this.audience = settings.get(SettingsCatalog.AUTH_AUDIENCE);
    }

    Future<Void> close() {
        return http.close();
    }

    /** Fails with 401 when the password is wrong, with 503 when the issuer cannot be asked. */
    Future<Granted> byPassword(String email, String password) {
        return grant(
                "password",
                supabase
                        ? fields("email", email, "password", password)
                        // Auth0 gives a token for us only if it is told so; an issuer passes over what it does not know
                        // (RFC 6749, 3.2).
                        : fields("username", email, "password", password, "scope", scope, "audience", audience),
                "invalid email or password");
    }

    /** Fails with 401 when the issuer has ended the session, with 503 when it cannot be asked. */
    Future<Granted> byRefreshToken(String refreshToken) {
        return grant("refresh_token", fields("refresh_token", refreshToken), Sessions.ENDED);
    }

    private Future<Granted> grant(String type, Map<String, String> fields, String refused) {
        return (supabase ? supabaseCall(type, fields) : oauthCall(type, fields))
                .recover(away -> {
                    logAway(away.getMessage());
                    return Future.failedFuture(unavailable());
                })
                .map(reply -> granted(reply, refused));
    }

    private Future<OutboundAnswer> supabaseCall(String type, Map<String, String> fields) {
        Map<String, String> headers = headers("application/json");
        clientSecret.ifPresent(key -> headers.put("apikey", key.reveal()));
        Buffer body = new JsonObject(new LinkedHashMap<>(fields)).toBuffer();
        return http.send(new OutboundRequest(HttpMethod.POST, "?grant_type=" + type, headers, body));
    }

    private Future<OutboundAnswer> oauthCall(String type, Map<String, String> fields) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", type);
        form.putAll(fields);
        clientId.ifPresent(id -> form.put("client_id", id));
        clientSecret.ifPresent(secret -> form.put("client_secret", secret.reveal()));
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + '=' + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return http.send(new OutboundRequest(
                HttpMethod.POST, "", headers("application/x-www-form-urlencoded"), Buffer.buffer(body)));
    }

    private static Map<String, String> headers(String contentType) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", contentType);
        headers.put("accept", "application/json");
        return headers;
    }

    private Granted granted(OutboundAnswer reply, String refused) {
        JsonObject json = object(reply.body());
        if (reply.isSuccess() && json.getValue("access_token") instanceof String access) {
            return new Granted(access, json.getValue("refresh_token") instanceof String refresh ? refresh : null);
        }
        if (reply.status() / 100 == 4 && isAboutTheUser(json)) {
            throw ApiException.http(401, refused);
        }
        log.warn("auth.issuer.no_tokens", kv("url", url), kv("status", reply.status()), kv("codes", codes(json)));
        throw unavailable();
    }

    private void logAway(String reason) {
        budget.admit("away", reason)
                .ifPresent(passedOver -> log.warn(
                        "auth.issuer.away", kv("url", url), kv("error", reason), kv("passed_over", passedOver)));
    }

    /** Everything else is about us, or about the way there: a client secret that has changed, a firewall, a limit. */
    private static boolean isAboutTheUser(JsonObject json) {
        return codes(json).stream().anyMatch(ABOUT_THE_USER::contains);
    }

    /** OAuth 2 says {@code error}; of Supabase's three ages the last says {@code code}, the one before {@code error_code}. */
    private static List<String> codes(JsonObject json) {
        return Stream.of("error", "error_code", "code")
                .map(json::getValue)
                .filter(value ->
                        value instanceof String text && CODE.matcher(text).matches())
                .map(String.class::cast)
                .toList();
    }

    /** Empty for what is no JSON object. */
    private static JsonObject object(Buffer body) {
        try {
            return body.toJsonValue() instanceof JsonObject json ? json : new JsonObject();
        } catch (DecodeException rubbish) {
            return new JsonObject();
        }
    }

    /** The issuer has given a token, and we cannot tell that it is its own. That is between it and us; the log says what is wrong. */
    static ApiException unverifiable() {
        return ApiException.unavailable("unable to verify the identity provider's token", RETRY_AFTER_SECONDS);
    }

    static ApiException unavailable() {
        return ApiException.unavailable("unable to reach the identity provider", RETRY_AFTER_SECONDS);
    }

    private static Map<String, String> fields(String... namesAndValues) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
