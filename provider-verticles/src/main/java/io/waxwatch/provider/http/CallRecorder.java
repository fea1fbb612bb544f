package io.waxwatch.provider.http;

/** Takes note of every outbound attempt, on the event loop that made it: an implementation must not block. */
@FunctionalInterface
public interface CallRecorder {

    /** Called once per attempt, when it has ended. What it throws is logged and otherwise ignored. */
    void record(ProviderCall call);

    /** Keeps nothing. */
    static CallRecorder none() {
        return call -> {};
    }
}
