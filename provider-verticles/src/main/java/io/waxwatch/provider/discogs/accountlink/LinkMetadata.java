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
     * With every secret sealed where it stands, and without those that have a column of their own.
     *
     * @param metadata null for none
     */
    static Future<JsonObject> sealed(JsonObject metadata, Function<String, Future<String>> seal) {
        if (metadata == null) {
            return Future.succeededFuture();
        }
        JsonObject copy = metadata.copy();
        List<Future<?>> sealing = new ArrayList<>();
        sealWithin(copy, seal, sealing);
        return Future.all(sealing).map(copy);
    }

    private static void sealWithin(JsonObject object, Function<String, Future<String>> seal, List<Future<?>> sealing) {
        object.getMap().keySet().removeIf(name -> NEEDLESS.contains(name.toLowerCase(Locale.ROOT)));
        for (String name : List.copyOf(object.fieldNames())) {
            Object value = object.getValue(name);
            if (value instanceof String text && isSecret(name) && !text.isEmpty() && !TokenCipher.isEnvelope(text)) {
                sealing.add(seal.apply(text).onSuccess(envelope -> object.put(name, envelope)));
            } else {
                sealEach(value, seal, sealing);
            }
        }
    }

    private static void sealEach(Object value, Function<String, Future<String>> seal, List<Future<?>> sealing) {
        if (value instanceof JsonObject object) {
            sealWithin(object, seal, sealing);
        } else if (value instanceof JsonArray array) {
            array.forEach(element -> sealEach(element, seal, sealing));
        }
    }
}
