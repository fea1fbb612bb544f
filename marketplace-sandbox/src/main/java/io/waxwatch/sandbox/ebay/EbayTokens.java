package io.waxwatch.sandbox.ebay;

import io.waxwatch.sandbox.SandboxOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

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
        String credentials = options.ebayClientId() + ":" + options.ebayClientSecret();
        String expected = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return authorization != null && authorization.equals("Basic " + expected);
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
        if (!authorization.startsWith("Bearer ")) {
            return false;
        }
        Instant expiry = expiries.get(authorization.substring("Bearer ".length()));
        return expiry != null && options.clock().instant().isBefore(expiry);
    }

    void revokeAll() {
        expiries.clear();
    }
}
