package io.waxwatch.common.matching;

/** What became of one {@link Clause}. Unknown means that the offer does not say; it never counts as a pass. */
public enum Outcome {
    PASS,
    FAIL,
    UNKNOWN
}
