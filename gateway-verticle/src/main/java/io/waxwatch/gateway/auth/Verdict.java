package io.waxwatch.gateway.auth;

import io.vertx.core.json.JsonObject;

/** What one key of the issuer says of a token. */
sealed interface Verdict {

    /** It has not signed it. */
    record NotSigned() implements Verdict {}

    /** It has, but the claims are not for us, or not now, or not readable. */
    record Refused() implements Verdict {}

    /** It has, and the claims are for us. */
    record Accepted(JsonObject claims) implements Verdict {}
}
