package io.waxwatch.sandbox.market;

import java.time.Instant;

/**
 * One copy offered on Discogs by a shop of the sandbox.
 *
 * @param id above 2^31, as real ones are
 * @param shipping null when the shop states none: {@code {}} on the wire
 */
public record DiscogsOffer(
        long id,
        long releaseId,
        String seller,
        Money price,
        String condition,
        String sleeveCondition,
        String comments,
        String shipsFrom,
        Money shipping,
        Instant posted) {}
