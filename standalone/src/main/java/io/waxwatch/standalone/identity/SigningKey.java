package io.waxwatch.standalone.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/**
 * The RS256 key pair, 2048 bits, kept in a file that only its owner reads, so that tokens outlive a restart. Blocks.
 */
final class SigningKey {
    private static final int BITS = 2048;

    private SigningKey() {}

    /** Reads the key, or makes and stores one when the file is missing. */
    static RSAKey loadOrCreate(Path file) {
        try {
            if (Files.exists(file)) {
                return RSAKey.parse(Files.readString(file));
            }
            RSAKey key = new RSAKeyGenerator(BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
            PrivateFile.write(file, key.toJSONString());
            return key;
        } catch (ParseException e) {
            throw new PartFailedException(file + " holds no readable key. Delete it and start again.", e);
        } catch (IOException | JOSEException e) {
            throw new PartFailedException("The identity provider cannot use its key file " + file + ": " + e, e);
        }
    }
}
