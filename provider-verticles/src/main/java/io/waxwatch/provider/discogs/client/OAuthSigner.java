package io.waxwatch.provider.discogs.client;

import io.waxwatch.provider.http.OutboundCall;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The {@code Authorization} headers of OAuth 1.0a (RFC 5849), as Discogs wants them: signature method PLAINTEXT, which is the two
 * secrets joined by an ampersand, and is safe because the connection is encrypted. Safe for all threads.
 */
public final class OAuthSigner {

    private final String consumerKey;
    private final String consumerSecret;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public OAuthSigner(String consumerKey, String consumerSecret, Clock clock) {
        this.consumerKey = consumerKey;
        this.consumerSecret = consumerSecret;
        this.clock = clock;
    }

    /** For the first step: a request token, to be authorized by a user who then comes back to the callback. */
    public String requestToken(String callback) {
        return header("", Map.of("oauth_callback", callback));
    }

    /** For the third step: the verifier that the user brought back becomes an access token. */
    public String accessToken(String requestToken, String requestSecret, String verifier) {
        return header(requestSecret, Map.of("oauth_token", requestToken, "oauth_verifier", verifier));
    }

    /** For any call in the name of a user. */
    public String call(String accessToken, String accessSecret) {
        return header(accessSecret, Map.of("oauth_token", accessToken));
    }

    private String header(String tokenSecret, Map<String, String> more) {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("oauth_consumer_key", consumerKey);
        fields.put("oauth_nonce", HexFormat.of().formatHex(nonce));
        fields.put("oauth_signature", OutboundCall.encode(consumerSecret) + "&" + OutboundCall.encode(tokenSecret));
        fields.put("oauth_signature_method", "PLAINTEXT");
        fields.put("oauth_timestamp", Long.toString(clock.instant().getEpochSecond()));
        fields.put("oauth_version", "1.0");
        fields.putAll(more);
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=\"" + OutboundCall.encode(field.getValue()) + "\"")
                .collect(Collectors.joining(", ", "OAuth ", ""));
    }
}
