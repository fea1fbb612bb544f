package io.waxwatch.provider.discogs.client;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The cheapest offer of a release. "None for sale" is a state, not a price of 0.
 *
 * @param releaseId Discogs id
 * @param price empty when none is for sale
 * @param currency of the price as Discogs says it, which need not be the one asked for; without a price the one asked for
 * @param numForSale 0 when none is
 * @param blocked the release may not be sold on Discogs
 */
public record ReleaseFloor(
        long releaseId, Optional<BigDecimal> price, String currency, int numForSale, boolean blocked) {}
