package io.waxwatch.gateway.outbound;

import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a listing of eBay leads, with the partner network's parameters if there is a campaign. Only eBay's own sites: the
 * address comes from outside, and a redirect of ours must not lend it our name.
 */
public final class EbayLinks {

    /** By site, because a rotation id counts only on the site that it belongs to. Source: the partner network's link guide. */
    private static final Map<String, String> ROTATIONS = Map.ofEntries(
            Map.entry("ebay.com", "711-53200-19255-0"),
            Map.entry("ebay.co.uk", "710-53481-19255-0"),
            Map.entry("ebay.de", "707-53477-19255-0"),
            Map.entry("ebay.at", "5221-53469-19255-0"),
            Map.entry("ebay.com.au", "705-53470-19255-0"),
            Map.entry("ebay.be", "1553-53471-19255-0"),
            Map.entry("ebay.ca", "706-53473-19255-0"),
            Map.entry("ebay.fr", "709-53476-19255-0"),
            Map.entry("ebay.ie", "5282-53468-19255-0"),
            Map.entry("ebay.it", "724-53478-19255-0"),
            Map.entry("ebay.nl", "1346-53482-19255-0"),
            Map.entry("ebay.pl", "4908-226936-19255-0"),
            Map.entry("ebay.es", "1185-53479-19255-0"),
            Map.entry("ebay.ch", "5222-53480-19255-0"));
    /** eBay's too, but the partner network names no rotation of theirs: their links stay as they are. */
    private static final Set<String> WITHOUT_ROTATION =
            Set.of("ebay.com.hk", "ebay.com.sg", "ebay.com.my", "ebay.ph", "ebay.vn");

    private static final Set<String> SITES = Stream.concat(ROTATIONS.keySet().stream(), WITHOUT_ROTATION.stream())
            .collect(Collectors.toUnmodifiableSet());
    private static final Pattern CAMPAIGN = Pattern.compile("[?&]campid=");

    private final String apiAuthority;
    private final String campaignId;
    private final String customId;

    /**
     * @param api where eBay's API is; a sandbox keeps its listings there too
     * @param campaignId of the partner network; null for plain links
     * @param customId null for none
     */
    public EbayLinks(URI api, String campaignId, String customId) {
        this.apiAuthority = api.getRawAuthority();
        this.campaignId = campaignId;
        this.customId = customId;
    }

    public static EbayLinks from(Settings settings) {
        return new EbayLinks(
                settings.get(SettingsCatalog.EBAY_BASE_URL),
                settings.find(SettingsCatalog.EBAY_CAMPAIGN_ID).orElse(null),
                settings.find(SettingsCatalog.EBAY_CUSTOM_ID).orElse(null));
    }

    /** The address to send a collector to; empty for one that is not on an eBay site. */
    public Optional<String> destination(String url) {
        if (url == null || !StandardCharsets.UTF_8.newEncoder().canEncode(url)) {
            return Optional.empty();
        }
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException unreadable) {
            return Optional.empty();
        }
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getRawUserInfo() != null) {
            return Optional.empty();
        }
        Optional<String> site = site(uri.getHost());
        if (site.isPresent() && uri.getPort() == -1) {
            return Optional.of(decorated(uri.toASCIIString(), ROTATIONS.get(site.get())));
        }
        return apiAuthority.equalsIgnoreCase(uri.getRawAuthority())
                ? Optional.of(uri.toASCIIString())
                : Optional.empty();
    }

    private static Optional<String> site(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return SITES.stream()
                .filter(site -> name.equals(site) || name.endsWith("." + site))
                .findFirst();
    }

    private String decorated(String url, String rotation) {
        if (campaignId == null || rotation == null || CAMPAIGN.matcher(url).find()) {
            return url;
        }
        int fragment = url.indexOf('#');
        String base = fragment < 0 ? url : url.substring(0, fragment);
        return base + (base.contains("?") ? "&" : "?") + "mkevt=1&mkcid=1&mkrid=" + rotation + "&campid="
                + encoded(campaignId) + "&toolid=10001" + (customId == null ? "" : "&customid=" + encoded(customId))
                + (fragment < 0 ? "" : url.substring(fragment));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
