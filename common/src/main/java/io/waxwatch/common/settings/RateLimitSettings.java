package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.addressBlocks;
import static io.waxwatch.common.settings.SettingType.bool;
import static io.waxwatch.common.settings.SettingType.integer;

import java.util.List;

/** The settings of rate limits: constants that {@link SettingsCatalog} inherits. */
interface RateLimitSettings {

    Setting<Boolean> RATE_LIMIT_ENABLED = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_ENABLED",
                    bool(),
                    "true",
                    "Whether requests are counted at all.")
            .build();

    Setting<Integer> RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_GLOBAL_AUTHENTICATED_RPM",
                    integer(1, 1000000),
                    "120",
                    "Requests a minute: any API route, for one caller with a token.")
            .build();

    Setting<Integer> RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_GLOBAL_AUTHENTICATED_BURST",
                    integer(0, 1000000),
                    "30",
                    "Requests on top of that within a minute: any API route, for one caller with a token.")
            .build();

    Setting<Integer> RATE_LIMIT_GLOBAL_ANONYMOUS_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_GLOBAL_ANONYMOUS_RPM",
                    integer(1, 1000000),
                    "60",
                    "Requests a minute: any API route, for one address without a token.")
            .build();

    Setting<Integer> RATE_LIMIT_GLOBAL_ANONYMOUS_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_GLOBAL_ANONYMOUS_BURST",
                    integer(0, 1000000),
                    "10",
                    "Requests on top of that within a minute: any API route, for one address without a token.")
            .build();

    Setting<Integer> RATE_LIMIT_AUTH_ENDPOINT_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_AUTH_ENDPOINT_RPM",
                    integer(1, 1000000),
                    "20",
                    "Requests a minute: signing in, and the routes that link a Discogs account.")
            .build();

    Setting<Integer> RATE_LIMIT_AUTH_ENDPOINT_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_AUTH_ENDPOINT_BURST",
                    integer(0, 1000000),
                    "5",
                    "Requests on top of that within a minute: signing in, and the routes that link a Discogs account.")
            .build();

    Setting<Integer> RATE_LIMIT_SEARCH_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_SEARCH_RPM",
                    integer(1, 1000000),
                    "30",
                    "Requests a minute: search.")
            .build();

    Setting<Integer> RATE_LIMIT_SEARCH_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_SEARCH_BURST",
                    integer(0, 1000000),
                    "10",
                    "Requests on top of that within a minute: search.")
            .build();

    Setting<Integer> RATE_LIMIT_WATCH_RULES_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_WATCH_RULES_RPM",
                    integer(1, 1000000),
                    "60",
                    "Requests a minute: watch rules.")
            .build();

    Setting<Integer> RATE_LIMIT_WATCH_RULES_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_WATCH_RULES_BURST",
                    integer(0, 1000000),
                    "20",
                    "Requests on top of that within a minute: watch rules.")
            .build();

    Setting<Integer> RATE_LIMIT_DISCOGS_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_DISCOGS_RPM",
                    integer(1, 1000000),
                    "30",
                    "Requests a minute: the Discogs integration.")
            .build();

    Setting<Integer> RATE_LIMIT_DISCOGS_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_DISCOGS_BURST",
                    integer(0, 1000000),
                    "10",
                    "Requests on top of that within a minute: the Discogs integration.")
            .build();

    Setting<Integer> RATE_LIMIT_STREAM_EVENTS_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_STREAM_EVENTS_RPM",
                    integer(1, 1000000),
                    "60",
                    "Requests a minute: opening the event stream.")
            .build();

    Setting<Integer> RATE_LIMIT_STREAM_EVENTS_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_STREAM_EVENTS_BURST",
                    integer(0, 1000000),
                    "20",
                    "Requests on top of that within a minute: opening the event stream.")
            .build();

    Setting<Integer> RATE_LIMIT_EBAY_NOTIFICATIONS_RPM = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_EBAY_NOTIFICATIONS_RPM",
                    integer(1, 1000000),
                    "600",
                    "Requests a minute: eBay's account deletions, for one address; eBay tells of every closed account.")
            .build();

    Setting<Integer> RATE_LIMIT_EBAY_NOTIFICATIONS_BURST = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "RATE_LIMIT_EBAY_NOTIFICATIONS_BURST",
                    integer(0, 1000000),
                    "100",
                    "Requests on top of that within a minute: eBay's account deletions, for one address.")
            .build();

    Setting<List<AddressBlock>> TRUSTED_PROXY_CIDRS = withDefault(
                    SettingGroup.RATE_LIMITS,
                    "TRUSTED_PROXY_CIDRS",
                    addressBlocks(),
                    "[]",
                    "Addresses of our own proxies, as a list of CIDR blocks or single addresses; only they are believed in "
                            + "`Forwarded` and `X-Forwarded-For`.")
            .build();
}
