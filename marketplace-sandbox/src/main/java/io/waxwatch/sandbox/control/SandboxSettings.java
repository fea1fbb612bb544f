package io.waxwatch.sandbox.control;

import io.waxwatch.sandbox.SandboxOptions;

/**
 * What tests may tighten or loosen while the sandbox runs.
 *
 * @param ebayPerDay Browse calls until 429/2001; eBay documents 5,000 per application and day
 * @param discogsPerMinute calls per address and moving minute with credentials; Discogs documents 60
 * @param discogsAnonymousPerMinute the same without credentials; Discogs documents 25
 * @param ebayBase what absolute eBay API links start with; empty means the address that was called
 * @param discogsBase the same for Discogs API links
 * @param webBase what links to pages for people start with; empty means the address that was called
 */
public record SandboxSettings(
        int ebayPerDay,
        int discogsPerMinute,
        int discogsAnonymousPerMinute,
        String ebayBase,
        String discogsBase,
        String webBase) {

    /** What the real ones do, but for what the options say. */
    public static SandboxSettings of(SandboxOptions options) {
        return new SandboxSettings(options.ebayPerDay(), 60, 25, "", "", "");
    }
}
