package io.waxwatch.provider.ebay.client;

import io.waxwatch.provider.http.OutboundOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How to use the Browse API.
 *
 * @param http host, deadlines, retries, breaker
 * @param clientId of the application's keyset; blank disables every call
 * @param clientSecret of the application's keyset
 * @param scope {@code https://api.ebay.com/oauth/api_scope}, also in eBay's sandbox
 * @param marketplaceId such as EBAY_US; an unknown one silently means EBAY_US at eBay
 * @param campaignId partner network campaign, null for none; with it rows carry {@code itemAffiliateWebUrl}
 * @param credentialHold how long a refusal of the credentials is remembered: eBay gives 1,000 tokens a day, and a
 *     disabled keyset must not use them up
 */
public record EbayOptions(
        OutboundOptions http,
        String clientId,
        String clientSecret,
        String scope,
        String marketplaceId,
        String campaignId,
        Duration credentialHold) {

    public static final String DEFAULT_SCOPE = "https://api.ebay.com/oauth/api_scope";
    public static final String DEFAULT_MARKETPLACE = "EBAY_US";
    /** 720 tries a day at most. */
    public static final Duration DEFAULT_CREDENTIAL_HOLD = Duration.ofMinutes(2);

    private static final Pattern MARKETPLACE = Pattern.compile("EBAY_[A-Z]{2,10}");

    public EbayOptions {
        Objects.requireNonNull(http, "http");
        clientId = clientId == null ? "" : clientId.trim();
        clientSecret = clientSecret == null ? "" : clientSecret.trim();
        campaignId = campaignId == null || campaignId.isBlank() ? null : campaignId.trim();
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(credentialHold, "credentialHold");
        if (!MARKETPLACE.matcher(marketplaceId).matches()) {
            throw new IllegalArgumentException("marketplace id must look like EBAY_US");
        }
    }

    /** Both parts of the keyset are there. */
    public boolean hasCredentials() {
        return !clientId.isEmpty() && !clientSecret.isEmpty();
    }

    /** Leaves the keyset out. */
    @Override
    public String toString() {
        return "EbayOptions[" + http.baseUri() + ", " + marketplaceId + "]";
    }
}
