package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.exactEndpointUrl;
import static io.waxwatch.common.settings.SettingType.httpUrl;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.milliseconds;
import static io.waxwatch.common.settings.SettingType.seconds;
import static io.waxwatch.common.settings.SettingType.secret;
import static io.waxwatch.common.settings.SettingType.text;
import static io.waxwatch.common.settings.SettingType.verificationToken;

import java.net.URI;
import java.time.Duration;

/** The settings of eBay: constants that {@link SettingsCatalog} inherits. */
interface EbaySettings {

    Setting<URI> EBAY_BASE_URL = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_BASE_URL",
                    httpUrl(),
                    "https://api.ebay.com",
                    "Base of the eBay API; the sandbox speaks the same.")
            .build();

    Setting<String> EBAY_CLIENT_ID = optional(
                    SettingGroup.EBAY,
                    "EBAY_CLIENT_ID",
                    text(300),
                    "Client id of the application; without it eBay is disabled.")
            .requiredInProductionBy(Role.PROVIDER)
            .build();

    Setting<Secret> EBAY_CLIENT_SECRET = optional(
                    SettingGroup.EBAY, "EBAY_CLIENT_SECRET", secret(), "Client secret of the application.")
            .secretly()
            .requiredInProductionBy(Role.PROVIDER)
            .build();

    Setting<String> EBAY_OAUTH_SCOPE = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_OAUTH_SCOPE",
                    text(500),
                    "https://api.ebay.com/oauth/api_scope",
                    "Scope of the application's token.")
            .build();

    Setting<String> EBAY_MARKETPLACE_ID = withDefault(
                    SettingGroup.EBAY, "EBAY_MARKETPLACE_ID", text(40), "EBAY_US", "Marketplace that is searched.")
            .build();

    Setting<String> EBAY_CATEGORY_ID = withDefault(
                    SettingGroup.EBAY, "EBAY_CATEGORY_ID", text(40), "176985", "Category that is swept: vinyl records.")
            .build();

    Setting<Integer> EBAY_SWEEP_MAX_PAGES = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_SWEEP_MAX_PAGES",
                    integer(1, 50),
                    "5",
                    "Most pages of 200 listings that one sweep reads until it meets what is known.")
            .build();

    Setting<Duration> EBAY_TIMEOUT_SECONDS = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_TIMEOUT_SECONDS",
                    seconds(1, 120),
                    "10.0",
                    "Longest wait for one answer of eBay.")
            .build();

    Setting<Integer> EBAY_MAX_ATTEMPTS = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_MAX_ATTEMPTS",
                    integer(1, 10),
                    "4",
                    "Attempts of one call to eBay, the first included.")
            .build();

    Setting<Duration> EBAY_RETRY_BASE_DELAY_MS = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_RETRY_BASE_DELAY_MS",
                    milliseconds(1, 60000),
                    "250",
                    "Wait before the second attempt; it doubles with each further one.")
            .build();

    Setting<Duration> EBAY_RETRY_MAX_DELAY_MS = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_RETRY_MAX_DELAY_MS",
                    milliseconds(1, 600000),
                    "5000",
                    "Longest wait between two attempts.")
            .build();

    Setting<Integer> EBAY_CALLS_PER_DAY = withDefault(
                    SettingGroup.EBAY,
                    "EBAY_CALLS_PER_DAY",
                    integer(100, 100_000_000),
                    "5000",
                    "Calls that eBay gives this application a day, until midnight in California, all processes together. A new application "
                            + "has 5,000.")
            .build();

    Setting<String> EBAY_CAMPAIGN_ID = optional(
                    SettingGroup.EBAY,
                    "EBAY_CAMPAIGN_ID",
                    text(100),
                    "Campaign of the eBay partner network; without it links carry no affiliate parameters.")
            .build();

    Setting<String> EBAY_CUSTOM_ID = optional(
                    SettingGroup.EBAY, "EBAY_CUSTOM_ID", text(256), "Custom id in affiliate links.")
            .build();

    Setting<Secret> EBAY_DELETION_VERIFICATION_TOKEN = optional(
                    SettingGroup.EBAY,
                    "EBAY_DELETION_VERIFICATION_TOKEN",
                    verificationToken(),
                    "Proves to eBay that the endpoint for account deletions is ours; the same that is entered at eBay.")
            .secretly()
            .build();

    Setting<String> EBAY_DELETION_ENDPOINT_URL = optional(
                    SettingGroup.EBAY,
                    "EBAY_DELETION_ENDPOINT_URL",
                    exactEndpointUrl(),
                    "Public address of `/api/ebay/account-deletion`, to the letter as it is entered at eBay. Without it and the "
                            + "token the endpoint is off, and eBay keeps a production keyset disabled.")
            .build();
}
