package io.waxwatch.sandbox.fault;

/**
 * One way to misbehave.
 *
 * @param status the status of mode STATUS, 100..599
 * @param delayMs the wait of mode SLOW, milliseconds
 * @param times how many calls it hits; 0 means until it is changed
 * @param pathPrefix only calls under this path; empty means all of the provider
 * @param retryAfter seconds for a {@code Retry-After} header beside 429 and 503; 0 means no such header
 */
public record Fault(Mode mode, int status, long delayMs, int times, String pathPrefix, int retryAfter) {

    /** The kinds of misbehaviour, named on the wire in lower case with hyphens. */
    public enum Mode {
        NONE,
        /** Answers with a given status and the body that provider sends with it. */
        STATUS,
        /** Answers properly, but late. */
        SLOW,
        /** Accepts the call and never answers. */
        SILENT,
        /** Promises more bytes than it sends, then closes. */
        HALF_BODY,
        /** Answers 200 with JSON of another shape. */
        GARBLE,
        /** Answers 429 as that provider does. */
        RATE_LIMIT
    }

    public static final Fault NONE = new Fault(Mode.NONE, 500, 0, 0, "", 0);

    Fault withTimes(int value) {
        return new Fault(mode, status, delayMs, value, pathPrefix, retryAfter);
    }
}
