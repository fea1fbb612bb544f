package io.waxwatch.provider.quota;

import java.util.List;

/**
 * What the ledger says.
 *
 * @param granted whether the call may be sent
 * @param waitMillis after which it is worth asking again; 0 when granted
 * @param reason of a refusal: {@code pace}, {@code turn} (somebody waits who was served less), {@code held} (the marketplace asked
 *     to be left alone), {@code spent} (the day is used up), {@code alone} (Redis is away); empty when granted
 * @param left of the day; negative for a budget without one
 * @param resetMillis when the day ends, in milliseconds since 1970; 0 without one
 * @param heldMillis how long the marketplace wants to be left alone
 * @param used calls of the day, or since the budget is known
 * @param lanes in the order of their declaration
 */
public record QuotaAnswer(
        boolean granted,
        long waitMillis,
        String reason,
        double left,
        long resetMillis,
        long heldMillis,
        long used,
        List<Lane> lanes) {

    /**
     * One lane.
     *
     * @param saved calls that it could make at once
     * @param used calls of the day, or since the budget is known
     */
    public record Lane(double saved, long used) {}
}
