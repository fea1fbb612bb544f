package io.waxwatch.common.failure;

/** Whose fault a failure is, and therefore what the caller may do about it. Decided once, where it happens. */
public enum FailureKind {
    /** Something that has to come first has not happened; asking again without it fails again. */
    UNMET(400),
    /** The caller asked for something that cannot be; asking again the same way fails again. */
    CALLER(422),
    /** The thing named does not exist, or not for this caller. */
    MISSING(404),
    /** The state of things forbids it now. */
    CONFLICT(409),
    /** Somebody else's service refused or failed, and there is nothing to say without it. */
    UPSTREAM(502),
    /** Something we need is away; try again later. */
    UNAVAILABLE(503),
    /** No answer in time; it may have happened all the same. */
    TIMEOUT(504),
    /** Our own fault. */
    INTERNAL(500);

    private final int code;

    FailureKind(int code) {
        this.code = code;
    }

    /** The number of this kind on the event bus and, where nothing more precise is known, the HTTP status. */
    public int code() {
        return code;
    }

    /** The kind with this number; {@link #INTERNAL} for a number that no kind has. */
    public static FailureKind ofCode(int code) {
        for (FailureKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return INTERNAL;
    }
}
