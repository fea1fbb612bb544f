package io.waxwatch.provider.tokens;

import static io.waxwatch.common.testing.TestNode.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key service that speaks AWS KMS's JSON 1.1 for the two calls that are made: GenerateDataKey and Decrypt. What it wraps opens only with
 * the same encryption context. It refuses as the servers do that were looked at: a disabled key has one code for each of the calls.
 */
public final class KmsStandIn implements AutoCloseable {

    public static final String KEY = "arn:aws:kms:eu-west-3:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001";
    public static final String OTHER_KEY =
            "arn:aws:kms:eu-west-3:111122223333:key/0a1b2c3d-0000-4000-8000-000000000002";
    public static final String ALIAS = "alias/waxwatch";

    /** How it behaves to whoever asks. */
    public enum Mood {
        WELL,
        /** Takes requests and never answers. */
        SILENT,
        /** Closes connections. */
        GONE,
        BROKEN,
        THROTTLING,
        DENYING,
        DISABLED,
        PENDING_DELETION,
        UNKNOWN_KEY
    }

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Vertx vertx = Vertx.vertx();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();
    private final Map<String, String> aliases = new ConcurrentHashMap<>(Map.of(ALIAS, KEY));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile Mood mood = Mood.WELL;

    private KmsStandIn() {
        for (String arn : List.of(KEY, OTHER_KEY)) {
            byte[] key = new byte[32];
            random.nextBytes(key);
            keys.put(arn, key);
        }
        HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
        port = await(server.listen(0, "127.0.0.1")).actualPort();
    }

    /** Starts one, and gives this process credentials, which it does not look at. */
    public static KmsStandIn start() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        return new KmsStandIn();
    }

    /** What makes a provider use it. */
    public Map<String, String> settings() {
        return Map.of(
                "TOKEN_CRYPTO_KMS_KEY_ID",
                ALIAS,
                "TOKEN_CRYPTO_KMS_REGION",
                "eu-west-3",
                "TOKEN_CRYPTO_KMS_ENDPOINT_URL",
                "http://127.0.0.1:" + port);
    }

    public KmsStandIn be(Mood next) {
        mood = next;
        return this;
    }

    /** From now on the alias means this key. */
    public void move(String arn) {
        aliases.put(ALIAS, arn);
    }

    /** The operations asked for, in order. */
    public List<String> asked() {
        return asked;
    }

    public long asked(String operation) {
        return asked.stream().filter(operation::equals).count();
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private void answer(HttpServerRequest request) {
        String operation = String.valueOf(request.getHeader("X-Amz-Target")).replace("TrentService.", "");
        request.body().onSuccess(body -> {
            asked.add(operation);
            Optional<JsonObject> trouble = trouble(operation);
            if (mood == Mood.SILENT) {
                return;
            }
            if (mood == Mood.GONE) {
                request.connection().close();
                return;
            }
            JsonObject told = trouble.orElseGet(() -> work(operation, body.toJsonObject()));
            int status = told.containsKey("__type") ? (mood == Mood.BROKEN ? 500 : 400) : 200;
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/x-amz-json-1.1")
                    .end(told.toBuffer());
        });
    }

    private Optional<JsonObject> trouble(String operation) {
        boolean decrypt = operation.equals("Decrypt");
        return switch (mood) {
            case WELL, SILENT, GONE -> Optional.empty();
            case BROKEN -> refusal("KMSInternalException");
            case THROTTLING -> refusal("ThrottlingException");
            case DENYING -> refusal("AccessDeniedException");
            case DISABLED -> refusal(decrypt ? "AccessDeniedException" : "DisabledException");
            case PENDING_DELETION -> refusal("KMSInvalidStateException");
            case UNKNOWN_KEY -> refusal("NotFoundException");
        };
    }

    private JsonObject work(String operation, JsonObject wish) {
        byte[] context = canonical(wish.getJsonObject("EncryptionContext", new JsonObject()));
        return switch (operation) {
            case "GenerateDataKey" -> generate(wish.getString("KeyId"), context);
            case "Decrypt" -> decrypt(Base64.getDecoder().decode(wish.getString("CiphertextBlob")), context);
            default -> refusal("UnknownOperationException").orElseThrow();
        };
    }

    private JsonObject generate(String name, byte[] context) {
        String arn = aliases.getOrDefault(name, name);
        if (!keys.containsKey(arn)) {
            return refusal("NotFoundException").orElseThrow();
        }
        byte[] plain = new byte[32];
        random.nextBytes(plain);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] arnBytes = arn.getBytes(StandardCharsets.US_ASCII);
        byte[] sealed = gcm(Cipher.ENCRYPT_MODE, arn, nonce, context, plain).orElseThrow();
        byte[] blob = ByteBuffer.allocate(1 + arnBytes.length + NONCE_BYTES + sealed.length)
                .put((byte) arnBytes.length)
                .put(arnBytes)
                .put(nonce)
                .put(sealed)
                .array();
        return new JsonObject()
                .put("KeyId", arn)
                .put("Plaintext", Base64.getEncoder().encodeToString(plain))
                .put("CiphertextBlob", Base64.getEncoder().encodeToString(blob));
    }

    private JsonObject decrypt(byte[] blob, byte[] context) {
        int length = blob.length == 0 ? 0 : blob[0];
        if (length < 1 || blob.length < 1 + length + NONCE_BYTES + TAG_BITS / 8) {
            return refusal("InvalidCiphertextException").orElseThrow();
        }
        String arn = new String(blob, 1, length, StandardCharsets.US_ASCII);
        byte[] nonce = Arrays.copyOfRange(blob, 1 + length, 1 + length + NONCE_BYTES);
        byte[] sealed = Arrays.copyOfRange(blob, 1 + length + NONCE_BYTES, blob.length);
        return gcm(Cipher.DECRYPT_MODE, arn, nonce, context, sealed)
                .map(plain -> new JsonObject()
                        .put("KeyId", arn)
                        .put("Plaintext", Base64.getEncoder().encodeToString(plain)))
                .orElseGet(() -> refusal("InvalidCiphertextException").orElseThrow());
    }

    private Optional<byte[]> gcm(int mode, String arn, byte[] nonce, byte[] context, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] key = keys.getOrDefault(arn, new byte[32]);
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context);
            return Optional.of(cipher.doFinal(input));
        } catch (GeneralSecurityException refused) {
            return Optional.empty();
        }
    }

    private static byte[] canonical(JsonObject context) {
        return new TreeMap<>(context.getMap()).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<JsonObject> refusal(String code) {
        return Optional.of(new JsonObject().put("__type", code));
    }
}
