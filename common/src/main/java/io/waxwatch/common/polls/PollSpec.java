package io.waxwatch.common.polls;

import io.waxwatch.common.matching.Provider;

/**
 * A poll to be had: equal keys are the same poll, whoever asks for it.
 *
 * @param intervalSeconds how often its askers want it, in seconds; the smallest among them counts
 */
public record PollSpec(PollKey key, int intervalSeconds) {

    public Provider provider() {
        return key.provider();
    }

    public PollKind kind() {
        return key.kind();
    }

    /** The key as it is stored. */
    public String keyText() {
        return key.text();
    }
}
