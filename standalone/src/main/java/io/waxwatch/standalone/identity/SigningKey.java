package io.waxwatch.standalone.identity;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.digests.Digests;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.PrivateFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.List;

/**
 * The RS256 key pair, 2048 bits, kept in a file that only its owner reads, so that tokens outlive a restart. Blocks.
 *
 * @param pair as a JWK (RFC 7517)
 */
record SigningKey(JsonObject pair) {

    private static final int BITS = 2048;
    private static final List<String> PUBLIC = List.of("kty", "kid", "use", "alg", "n", "e");
    private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi");

    /** Reads the key, or makes and stores one when the file is missing. */
    static SigningKey loadOrCreate(Path file) {
        try {
            if (Files.exists(file)) {
                return new SigningKey(readable(file));
            }
            JsonObject pair = generate();
            PrivateFile.write(file, pair.encode());
            return new SigningKey(pair);
        } catch (IOException | GeneralSecurityException e) {
            throw new PartFailedException("The identity provider cannot use its key file " + file + ": " + e, e);
        }
    }

    /** What everybody may know of it. */
    JsonObject publicPart() {
        var known = new JsonObject();
        PUBLIC.forEach(name -> known.put(name, pair.getValue(name)));
        return known;
    }

    private static JsonObject readable(Path file) throws IOException {
        try {
            var pair = new JsonObject(Files.readString(file));
            for (List<String> members : List.of(PUBLIC, PRIVATE)) {
                if (!pair.fieldNames().containsAll(members)) {
                    throw new DecodeException("lacks one of " + members);
                }
            }
            return pair;
        } catch (DecodeException e) {
            throw unreadable(file, e);
        }
    }

    static PartFailedException unreadable(Path file, Throwable cause) {
        return new PartFailedException(file + " holds no readable key. Delete it and start again.", cause);
    }

    private static JsonObject generate() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(BITS);
        var key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        String exponent = text(key.getPublicExponent());
        String modulus = text(key.getModulus());
        return new JsonObject()
                .put("kty", "RSA")
                .put("use", "sig")
                .put("alg", DevIdentityProvider.ALGORITHM)
                .put("kid", thumbprint(exponent, modulus))
                .put("n", modulus)
                .put("e", exponent)
                .put("d", text(key.getPrivateExponent()))
                .put("p", text(key.getPrimeP()))
                .put("q", text(key.getPrimeQ()))
                .put("dp", text(key.getPrimeExponentP()))
                .put("dq", text(key.getPrimeExponentQ()))
                .put("qi", text(key.getCrtCoefficient()));
    }

    /** RFC 7638: the members that make the key, in the order of the alphabet. */
    private static String thumbprint(String exponent, String modulus) throws GeneralSecurityException {
        String members = new JsonObject()
                .put("e", exponent)
                .put("kty", "RSA")
                .put("n", modulus)
                .encode();
        return base64(Digests.sha256(members));
    }

    private static String text(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return base64(bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
