package io.waxwatch.common.bus;

import java.math.BigDecimal;

/**
 * One row of a marketplace's answer to a search. Null means that the marketplace did not say.
 *
 * @param provider wire name, such as {@code ebay}
 * @param externalId the marketplace's own id
 * @param url absolute, undecorated
 * @param price the fixed price; null for a catalogue entry, which is not for sale
 * @param currency three letters; null together with the price
 * @param condition the marketplace's text
 */
public record SearchHit(
        String provider,
        String externalId,
        String title,
        String url,
        BigDecimal price,
        String currency,
        String condition,
        String seller,
        String location,
        Long discogsReleaseId) {}
