package io.waxwatch.sandbox.notification;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * eBay's side of signed notifications: the public keys that a receiver asks for, and account deletions signed with a key of
 * the sandbox's own, which is made anew at each start. ECDSA on P-256 over the SHA-1 of the body's bytes, as eBay has it.
 */
public final class SignedNotifications {

    private static final int MOST_KEYS = 100;
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final KeyPair own;
    private final String ownId = UUID.randomUUID().toString();
    private final Map<String, String> keys = new LinkedHashMap<>();

    /** What a receiver would be sent: the body byte for byte, and the value of {@code X-EBAY-SIGNATURE}. */
    public record Signed(String body, String header) {}

    public SignedNotifications(Clock clock) {
        this.clock = clock;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.own = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JRE has P-256", e);
        }
        keys.put(
                ownId,
                oneLine(Base64.getEncoder().encodeToString(own.getPublic().getEncoded())));
    }

    /** The key in the shape of the public-key call: its PEM in one line. */
    public Optional<JsonObject> publicKey(String id) {
        return Optional.ofNullable(keys.get(id))
                .map(key -> new JsonObject()
                        .put("key", key)
                        .put("algorithm", "ECDSA")
                        .put("digest", "SHA1"));
    }

    /** Serves a key that is not ours, so that a test can use notifications that were signed elsewhere. */
    public void add(String id, String key) {
        if (keys.size() >= MOST_KEYS) {
            throw new IllegalArgumentException("there are " + MOST_KEYS + " keys already");
        }
        keys.put(id, key);
    }

    /** Tells that an account is gone. */
    public Signed accountDeletion(String username, String userId) {
        String now = MILLIS.format(clock.instant());
        String body = new JsonObject()
                .put(
                        "metadata",
                        new JsonObject()
                                .put("topic", "MARKETPLACE_ACCOUNT_DELETION")
                                .put("schemaVersion", "1.0")
                                .put("deprecated", false))
                .put(
                        "notification",
                        new JsonObject()
                                .put("notificationId", UUID.randomUUID().toString())
                                .put("eventDate", now)
                                .put("publishDate", now)
                                .put("publishAttemptCount", 1)
                                .put(
                                        "data",
                                        new JsonObject()
                                                .put("username", username)
                                                .put("userId", userId)
                                                .put("eiasToken", "sandbox-eias-token")))
                .encode();
        return new Signed(body, header(body));
    }

    private String header(String body) {
        try {
            Signature signature = Signature.getInstance("SHA1withECDSA");
            signature.initSign(own.getPrivate());
            signature.update(body.getBytes(StandardCharsets.UTF_8));
            var header = new JsonObject()
                    .put("alg", "ecdsa")
                    .put("kid", ownId)
                    .put("signature", Base64.getEncoder().encodeToString(signature.sign()))
                    .put("digest", "SHA1");
            return Base64.getEncoder().encodeToString(header.encode().getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JRE has SHA1withECDSA", e);
        }
    }

    private static String oneLine(String key) {
        return "-----BEGIN PUBLIC KEY-----" + key + "-----END PUBLIC KEY-----";
    }
}
