package io.waxwatch.provider.tokens;

import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which key of which KMS, and how long to wait for it.
 *
 * @param keyId id, ARN or alias
 * @param region null where none is set and the key's name holds none
 * @param endpoint null for the region's own
 * @param attempt longest that one try may take; the SDK has no bound by default
 * @param call longest that all tries of one call may take
 * @param rest how long the service is left alone when it was away
 * @param lookAgain how often an unusable key is tried again
 */
record KmsOptions(
        String keyId, String region, URI endpoint, Duration attempt, Duration call, Duration rest, Duration lookAgain) {

    private static final Duration ATTEMPT = Duration.ofMillis(1500);
    private static final Duration CALL = Duration.ofSeconds(4);
    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    /** {@code arn:aws:kms:REGION:ACCOUNT:key/ID}. */
    private static final int ARN_PARTS = 6;

    private static final int ARN_REGION = 3;

    /** Empty unless a key service's key is set. */
    static Optional<KmsOptions> from(Settings settings) {
        return settings.find(SettingsCatalog.TOKEN_CRYPTO_KMS_KEY_ID)
                .map(keyId -> new KmsOptions(
                        keyId,
                        settings.find(SettingsCatalog.TOKEN_CRYPTO_KMS_REGION).orElseGet(() -> regionOf(keyId)),
                        settings.find(SettingsCatalog.TOKEN_CRYPTO_KMS_ENDPOINT_URL)
                                .orElse(null),
                        ATTEMPT,
                        CALL,
                        REST,
                        LOOK_AGAIN));
    }

    KmsOptions waiting(Duration perAttempt, Duration perCall, Duration atRest, Duration untilLookingAgain) {
        return new KmsOptions(keyId, region, endpoint, perAttempt, perCall, atRest, untilLookingAgain);
    }

    private static String regionOf(String keyId) {
        String[] parts = keyId.split(":", ARN_PARTS);
        return parts.length == ARN_PARTS && parts[0].equals("arn") && !parts[ARN_REGION].isEmpty()
                ? parts[ARN_REGION]
                : null;
    }
}
