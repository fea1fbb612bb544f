package io.waxwatch.provider.discogs.accountlink;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.secrets.TokenCipher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What is remembered beside a link, at whatever depth: known to hold secrets where the former system left it. */
final class LinkMetadata {

    /** Names of secrets end so: {@code access_token_secret}, {@code client_secret}, {@code oauth_token}. */
    private static final List<String> SECRET_ENDINGS = List.of("token", "secret", "password", "authorization");

    /** As a regular expression of PostgreSQL over the text of {@code jsonb}: a text under such a name that is not sealed. */
    static final String OPEN_SECRET =
            "(" + String.join("|", SECRET_ENDINGS) + ")\": \"(?!" + TokenCipher.PREFIX + ")[^\"]";

    /** Stand in columns of their own, or have no use. */
    private static final Set<String> NEEDLESS = Set.of("access_token", "refresh_token");

    private LinkMetadata() {}

    private static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET_ENDINGS.stream().anyMatch(lower::endsWith);
    }

    /** Without anything that looks like a secret. */
    static JsonObject withoutSecrets(JsonObject metadata) {
        var kept = new JsonObject();
        for (Map.Entry<String, Object> entry : metadata) {
            if (!isSecret(entry.getKey())) {
                kept.put(entry.getKey(), withoutSecretsWithin(entry.getValue()));
            }
        }
        return kept;
    }

    private static Object withoutSecretsWithin(Object value) {
        if (value instanceof JsonObject object) {
            return withoutSecrets(object);
        }
        if (value instanceof JsonArray array) {
            var kept = new JsonArray();
            array.forEach(element -> kept.add(withoutSecretsWithin(element)));
            return kept;
        }
        return value;
    }

    /**
     * With every secret and every envelope renewed where it stands, and without those that have a column of their own.
     *
     * @param metadata null for none
     * @param renew seals what is open, and what is sealed otherwise than it should be
     */
    static Future<JsonObject> renewed(JsonObject metadata, Function<String, Future<String>> renew) {
        if (metadata == null) {
            return Future.succeededFuture();
        }
        JsonObject copy = metadata.copy();
        List<Future<?>> renewing = new ArrayList<>();
        renewWithin(copy, renew, renewing);
        // All of them: a late one would still write into what has been handed out.
        return Future.join(renewing).map(copy);
    }

    private static void renewWithin(
            JsonObject object, Function<String, Future<String>> renew, List<Future<?>> renewing) {
        object.getMap().keySet().removeIf(name -> NEEDLESS.contains(name.toLowerCase(Locale.ROOT)));
        for (String name : List.copyOf(object.fieldNames())) {
            Object value = object.getValue(name);
            if (value instanceof String text && (TokenCipher.isEnvelope(text) || isSecret(name) && !text.isEmpty())) {
                renewing.add(renew.apply(text).onSuccess(envelope -> object.put(name, envelope)));
            } else {
                renewEach(value, renew, renewing);
            }
        }
    }

    private static void renewEach(Object value, Function<String, Future<String>> renew, List<Future<?>> renewing) {
        if (value instanceof JsonObject object) {
            renewWithin(object, renew, renewing);
        } else if (value instanceof JsonArray array) {
            array.forEach(element -> renewEach(element, renew, renewing));
        }
    }
}
