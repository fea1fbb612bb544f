package io.waxwatch.gateway.auth;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.waxwatch.gateway.http.ApiException;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses tokens, to the caller in the contract's few words, to the operator with what was expected and what the token says. Never
 * says the token itself. Safe for all threads.
 */
final class TokenRefusals {

    static final String INVALID = "invalid bearer token";

    private static final Logger log = LoggerFactory.getLogger("app.auth");

    /** What is wrong with a token. */
    enum Cause {
        FORM,
        ALGORITHM,
        TYPE,
        KEY_UNKNOWN,
        SIGNATURE,
        CLAIMS,
        ISSUER,
        AUDIENCE,
        TIME,
        SUBJECT
    }

    private final LogBudget budget;

    TokenRefusals(LongSupplier nanoClock) {
        this.budget = new LogBudget(nanoClock);
    }

    /**
     * A refusal with 401.
     *
     * @param message for the caller
     * @param expected what would have been let in
     * @param seen what the token has instead
     */
    ApiException of(String message, Cause cause, Object expected, Object seen) {
        String name = cause.name().toLowerCase(Locale.ROOT);
        String wanted = LogBudget.cut(expected);
        String found = LogBudget.cut(seen);
        // The moment is another each time, and the same trouble.
        budget.admit(name, cause == Cause.TIME ? wanted : found)
                .ifPresent(passedOver -> log.warn(
                        "auth.token.refused",
                        kv("cause", name),
                        kv("expected", wanted),
                        kv("seen", found),
                        kv("passed_over", passedOver)));
        return ApiException.http(401, message);
    }
}
