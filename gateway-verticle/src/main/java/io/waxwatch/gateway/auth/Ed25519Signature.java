package io.waxwatch.gateway.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Verifies tokens that call their algorithm {@code Ed25519}, a name that the library does not know, by the JDK itself. */
final class Ed25519Signature {

    /** SubjectPublicKeyInfo of Ed25519 up to the 32 bytes of the key (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519Signature() {}

    /** @param key the 32 bytes of the public key */
    static boolean isOf(byte[] key, Token token) {
        try {
            var encoded = new ByteArrayOutputStream();
            encoded.writeBytes(X509_PREFIX);
            encoded.writeBytes(key);
            PublicKey publicKey = KeyFactory.getInstance(SignatureNames.ED25519)
                    .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
            Signature verifier = Signature.getInstance(SignatureNames.ED25519);
            verifier.initVerify(publicKey);
            verifier.update(token.signedPart().getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(token.signature());
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }
}
