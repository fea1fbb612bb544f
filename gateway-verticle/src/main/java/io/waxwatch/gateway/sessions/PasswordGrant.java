package io.waxwatch.gateway.sessions;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.settings.PasswordGrantStyle;
import io.waxwatch.common.settings.Secret;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.auth.IssuerHttp;
import io.waxwatch.gateway.http.Refusal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks the issuer for tokens, by a password or by a refresh token: in Supabase's form (JSON, grant type in the query, {@code
 * apikey}) or in that of OAuth 2 (a form). Safe for all threads.
 */
final class PasswordGrant {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 64 * 1024;
    private static final int RETRY_AFTER_SECONDS = 5;

    /**
     * What the issuer gave.
     *
     * @param refreshToken null for none
     */
    record Granted(String accessToken, String refreshToken) {}

    private final IssuerHttp http;
    private final boolean supabase;
    private final String url;
    private final Optional<String> clientId;
    private final Optional<Secret> clientSecret;

    PasswordGrant(Vertx vertx, Settings settings) {
        this.http = new IssuerHttp(vertx, DEADLINE, MAX_BYTES);
        this.supabase = settings.get(SettingsCatalog.AUTH_PASSWORD_GRANT) == PasswordGrantStyle.SUPABASE;
        this.url = settings.authTokenUrl().toString();
        this.clientId = settings.find(SettingsCatalog.AUTH_CLIENT_ID);
        this.clientSecret = settings.find(SettingsCatalog.AUTH_CLIENT_SECRET);
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
                        : fields("username", email, "password", password, "scope", "openid"),
                "invalid email or password");
    }

    /** Fails with 401 when the issuer has ended the session, with 503 when it cannot be asked. */
    Future<Granted> byRefreshToken(String refreshToken) {
        return grant("refresh_token", fields("refresh_token", refreshToken), Sessions.ENDED);
    }

    private Future<Granted> grant(String type, Map<String, String> fields, String refused) {
        return (supabase ? supabaseCall(type, fields) : oauthCall(type, fields))
                .recover(away -> Future.failedFuture(unavailable()))
                .map(reply -> granted(reply, refused));
    }

    private Future<IssuerHttp.Reply> supabaseCall(String type, Map<String, String> fields) {
        var options = post(url + "?grant_type=" + type, "application/json");
        clientSecret.ifPresent(key -> options.putHeader("apikey", key.reveal()));
        return http.send(options, new JsonObject(new LinkedHashMap<>(fields)).toBuffer());
    }

    private Future<IssuerHttp.Reply> oauthCall(String type, Map<String, String> fields) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", type);
        form.putAll(fields);
        clientId.ifPresent(id -> form.put("client_id", id));
        clientSecret.ifPresent(secret -> form.put("client_secret", secret.reveal()));
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + '=' + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return http.send(post(url, "application/x-www-form-urlencoded"), Buffer.buffer(body));
    }

    private static RequestOptions post(String url, String contentType) {
        return new RequestOptions()
                .setAbsoluteURI(url)
                .setMethod(HttpMethod.POST)
                .putHeader("content-type", contentType)
                .putHeader("accept", "application/json");
    }

    private static Granted granted(IssuerHttp.Reply reply, String refused) {
        // The issuer says 400 for a wrong password and for a used refresh token (RFC 6749, 5.2), some say 401 or 403.
        if (reply.status() == 400 || reply.status() == 401 || reply.status() == 403) {
            throw Refusal.http(401, refused);
        }
        if (!reply.isSuccess()) {
            throw unavailable();
        }
        try {
            JsonObject json = reply.body().toJsonObject();
            if (json.getValue("access_token") instanceof String access) {
                return new Granted(access, json.getValue("refresh_token") instanceof String refresh ? refresh : null);
            }
            throw unavailable();
        } catch (DecodeException | ClassCastException rubbish) {
            throw unavailable();
        }
    }

    private static Refusal unavailable() {
        return Refusal.unavailable("unable to reach the identity provider", RETRY_AFTER_SECONDS);
    }

    private static Map<String, String> fields(String... namesAndValues) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
