package io.waxwatch.common.bus;

import java.time.Duration;

/**
 * A question that one consumer answers.
 *
 * @param address where it is asked
 * @param deadline how long the asker waits; silence means "maybe done"
 */
public record RequestTopic<Q extends BusMessage, A extends BusMessage>(String address, Duration deadline) {}
