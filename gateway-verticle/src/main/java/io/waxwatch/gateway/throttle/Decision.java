package io.waxwatch.gateway.throttle;

/**
 * What came of asking.
 *
 * @param refusedBy the scope whose bucket is empty; null when allowed
 * @param waitMillis until that bucket has a token again; 0 when allowed
 */
record Decision(Scope refusedBy, long waitMillis) {

    static final Decision ALLOWED = new Decision(null, 0);

    static Decision refused(Scope scope, long waitMillis) {
        return new Decision(scope, waitMillis);
    }

    boolean allowed() {
        return refusedBy == null;
    }
}
