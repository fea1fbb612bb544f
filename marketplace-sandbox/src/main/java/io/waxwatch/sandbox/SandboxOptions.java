package io.waxwatch.sandbox;

import java.time.Clock;
import java.time.Duration;

/**
 * How a sandbox behaves.
 *
 * @param seed catalogue, first listings and everything listed by time follow from it
 * @param ebayClientId user part of the Basic credentials that the token endpoint accepts
 * @param ebayClientSecret password part of the same
 * @param discogsToken the personal access token that counts as authenticated, and as the collector's own
 * @param discogsConsumerKey the application that may link accounts by OAuth
 * @param discogsConsumerSecret its secret
 * @param tokenLifetime {@code expires_in} of an eBay token; 7,200 s in production
 * @param listingEvery a tick (see {@code POST /control/tick}) each so often; zero means that time stands still
 * @param initialListings eBay listings at the start, 0..{@value #MAX_INITIAL_LISTINGS}
 * @param ebayPerDay Browse calls a day until 429; eBay gives 5,000, and more to an application that passed its growth check
 * @param clock the time of tokens, listings and rate windows
 */
public record SandboxOptions(
        long seed,
        String ebayClientId,
        String ebayClientSecret,
        String discogsToken,
        String discogsConsumerKey,
        String discogsConsumerSecret,
        Duration tokenLifetime,
        Duration listingEvery,
        int initialListings,
        int ebayPerDay,
        Clock clock) {

    public static final int MAX_INITIAL_LISTINGS = 5_000;

    public SandboxOptions {
        if (initialListings < 0 || initialListings > MAX_INITIAL_LISTINGS) {
            throw new IllegalArgumentException("initialListings must be 0.." + MAX_INITIAL_LISTINGS);
        }
        if (ebayPerDay < 0) {
            throw new IllegalArgumentException("ebayPerDay must not be negative");
        }
        if (listingEvery.isNegative() || tokenLifetime.isNegative() || tokenLifetime.isZero()) {
            throw new IllegalArgumentException("durations must not be negative, and tokens must live");
        }
        if (!listingEvery.isZero() && listingEvery.toMillis() < 1) {
            throw new IllegalArgumentException("listingEvery must be zero or at least a millisecond");
        }
    }

    /** Seed 1, the credentials {@code sandbox-client}, {@code sandbox-secret}, {@code sandbox-token}, {@code sandbox-consumer}, time stands still. */
    public static SandboxOptions defaults() {
        return new SandboxOptions(
                1,
                "sandbox-client",
                "sandbox-secret",
                "sandbox-token",
                "sandbox-consumer",
                "sandbox-consumer-secret",
                Duration.ofHours(2),
                Duration.ZERO,
                120,
                5_000,
                Clock.systemUTC());
    }

    public SandboxOptions withSeed(long value) {
        return new SandboxOptions(
                value,
                ebayClientId,
                ebayClientSecret,
                discogsToken,
                discogsConsumerKey,
                discogsConsumerSecret,
                tokenLifetime,
                listingEvery,
                initialListings,
                ebayPerDay,
                clock);
    }

    public SandboxOptions withTokenLifetime(Duration value) {
        return new SandboxOptions(
                seed,
                ebayClientId,
                ebayClientSecret,
                discogsToken,
                discogsConsumerKey,
                discogsConsumerSecret,
                value,
                listingEvery,
                initialListings,
                ebayPerDay,
                clock);
    }

    public SandboxOptions withListingEvery(Duration value) {
        return new SandboxOptions(
                seed,
                ebayClientId,
                ebayClientSecret,
                discogsToken,
                discogsConsumerKey,
                discogsConsumerSecret,
                tokenLifetime,
                value,
                initialListings,
                ebayPerDay,
                clock);
    }

    public SandboxOptions withInitialListings(int value) {
        return new SandboxOptions(
                seed,
                ebayClientId,
                ebayClientSecret,
                discogsToken,
                discogsConsumerKey,
                discogsConsumerSecret,
                tokenLifetime,
                listingEvery,
                value,
                ebayPerDay,
                clock);
    }

    public SandboxOptions withEbayPerDay(int value) {
        return new SandboxOptions(
                seed,
                ebayClientId,
                ebayClientSecret,
                discogsToken,
                discogsConsumerKey,
                discogsConsumerSecret,
                tokenLifetime,
                listingEvery,
                initialListings,
                value,
                clock);
    }

    public SandboxOptions withClock(Clock value) {
        return new SandboxOptions(
                seed,
                ebayClientId,
                ebayClientSecret,
                discogsToken,
                discogsConsumerKey,
                discogsConsumerSecret,
                tokenLifetime,
                listingEvery,
                initialListings,
                ebayPerDay,
                value);
    }
}
