package io.waxwatch.sandbox.ebay;

import io.waxwatch.sandbox.SandboxOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Application tokens: issues them against the client credentials, knows which still live. */
final class EbayTokens {

    private static final int REMEMBERED = 2_000;

    private final SandboxOptions options;
    private final Map<String, Instant> expiries = new LinkedHashMap<>();
    private long issued;

    EbayTokens(SandboxOptions options) {
        this.options = options;
    }

    boolean isClient(String authorization) {
        String pair = options.ebayClientId() + ":" + options.ebayClientSecret();
        String expected = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return credentials(authorization, "Basic ").filter(expected::equals).isPresent();
    }

    String issue() {
        String token = "v^1.1#i^1#sandbox#"
                + Base64.getEncoder()
                        .encodeToString(("application token " + ++issued).getBytes(StandardCharsets.UTF_8));
        expiries.put(token, options.clock().instant().plus(options.tokenLifetime()));
        if (expiries.size() > REMEMBERED) {
            expiries.remove(expiries.keySet().iterator().next());
        }
        return token;
    }

    boolean isLive(String authorization) {
        return credentials(authorization, "Bearer ")
                .map(expiries::get)
                .filter(expiry -> options.clock().instant().isBefore(expiry))
                .isPresent();
    }

    /** The scheme's name may be written in any case, and eBay's own SDK writes it small. */
    private static Optional<String> credentials(String authorization, String scheme) {
        return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                ? Optional.of(authorization.substring(scheme.length()).strip())
                : Optional.empty();
    }

    void revokeAll() {
        expiries.clear();
    }
}
