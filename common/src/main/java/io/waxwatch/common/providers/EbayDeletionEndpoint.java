package io.waxwatch.common.providers;

import io.waxwatch.common.digests.Digests;
import io.waxwatch.common.settings.Setting;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The endpoint to which eBay sends account deletions, as it is entered at eBay: without it eBay keeps a production keyset disabled.
 *
 * @param verificationToken proves that the endpoint is ours; a secret
 * @param url to the letter as it is entered
 */
public record EbayDeletionEndpoint(String verificationToken, String url) {

    /** The endpoint of these settings; empty unless both are there. */
    public static Optional<EbayDeletionEndpoint> of(Settings settings) {
        return missing(settings).isEmpty()
                ? Optional.of(new EbayDeletionEndpoint(
                        settings.get(SettingsCatalog.EBAY_DELETION_VERIFICATION_TOKEN)
                                .reveal(),
                        settings.get(SettingsCatalog.EBAY_DELETION_ENDPOINT_URL)))
                : Optional.empty();
    }

    /** Names of the settings that it wants for. */
    public static List<String> missing(Settings settings) {
        return Stream.<Setting<?>>of(
                        SettingsCatalog.EBAY_DELETION_VERIFICATION_TOKEN, SettingsCatalog.EBAY_DELETION_ENDPOINT_URL)
                .filter(setting -> settings.find(setting).isEmpty())
                .map(Setting::name)
                .toList();
    }

    /** What eBay's challenge is answered with: SHA-256 in lower-case hex of its code, the token and the URL, in this order. */
    public String answer(String challengeCode) {
        return Digests.sha256Hex(challengeCode + verificationToken + url);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "EbayDeletionEndpoint[" + url + "]";
    }
}
