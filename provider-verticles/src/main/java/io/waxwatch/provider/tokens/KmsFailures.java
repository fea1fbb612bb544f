package io.waxwatch.provider.tokens;

import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable;
import io.waxwatch.common.secrets.TokenCipher.KeyUnavailable.Reason;
import io.waxwatch.common.secrets.TokenCipher.Unreadable;
import java.util.Set;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What the SDK reports in many ways, told in ours. It is the error code that counts: for one and the same trouble the exception's class
 * differs by call and by server (a disabled key is {@code DisabledException} to one call, and a plain exception with
 * {@code AccessDeniedException} to another). What nobody has named here is taken for an outage: waiting loses nothing.
 */
final class KmsFailures {

    private static final Set<String> GONE = Set.of(
            "NotFoundException",
            "DisabledException",
            "KMSInvalidStateException",
            "KmsInvalidStateException",
            "InvalidKeyUsageException",
            "InvalidArnException");
    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "NotAuthorized",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "ExpiredToken",
            "ExpiredTokenException",
            "OptInRequired");
    /** Only what was sent to be unwrapped can be at fault: another user's, cut, or changed. */
    private static final Set<String> BROKEN =
            Set.of("InvalidCiphertextException", "IncorrectKeyException", "ValidationException");

    private KmsFailures() {}

    /** @param unwrapping whether a wrapped data key was sent, which may be what is wrong */
    static TokenCipher.Failed of(Throwable reported, boolean unwrapping) {
        Throwable cause = reported;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TokenCipher.Failed ours) {
            return ours;
        }
        if (cause instanceof AwsServiceException refusal) {
            return refused(code(refusal), unwrapping);
        }
        return new KeyUnavailable(isAboutCredentials(cause) ? Reason.DENIED : Reason.AWAY);
    }

    private static TokenCipher.Failed refused(String code, boolean unwrapping) {
        if (unwrapping && BROKEN.contains(code)) {
            return new Unreadable("unable to decrypt token envelope");
        }
        if (GONE.contains(code) || BROKEN.contains(code)) {
            // Of what we send to have a key made, only the key's name can be invalid.
            return new KeyUnavailable(Reason.GONE);
        }
        return new KeyUnavailable(DENIED.contains(code) ? Reason.DENIED : Reason.AWAY);
    }

    private static String code(AwsServiceException refusal) {
        return refusal.awsErrorDetails() == null || refusal.awsErrorDetails().errorCode() == null
                ? ""
                : refusal.awsErrorDetails().errorCode();
    }

    /** The SDK has no class of its own for credentials that nobody has. */
    private static boolean isAboutCredentials(Throwable cause) {
        return cause instanceof SdkClientException
                && String.valueOf(cause.getMessage()).contains("Unable to load credentials");
    }
}
