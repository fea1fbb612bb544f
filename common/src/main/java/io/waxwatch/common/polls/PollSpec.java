package io.waxwatch.common.polls;

import io.waxwatch.common.matching.Provider;

/**
 * A poll to be had: equal specs are the same poll, whoever asks for it.
 *
 * @param key the canonical form of the question: see {@link PollPlanner}
 * @param intervalSeconds how often its askers want it, in seconds; the smallest among them counts
 */
public record PollSpec(Provider provider, PollKind kind, String key, int intervalSeconds) {}
