package io.waxwatch.gateway.auth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** Which claims make an administrator; any one of them does. {@code user_metadata} never: users write it themselves. */
final class AdminClaims {

    private static final Set<String> ROLES = Set.of("admin", "service_role");
    private static final Set<String> GRANTS = Set.of("admin", "provider_requests:read_all");

    private AdminClaims() {}

    static boolean in(JsonObject claims) {
        return is(claims.getValue("role"), ROLES)
                || is(claims.getValue("user_role"), ROLES)
                || inAppMetadata(claims.getValue("app_metadata"))
                || inScope(claims.getValue("scope"))
                || holds(claims.getValue("roles"), GRANTS)
                || holds(claims.getValue("permissions"), GRANTS);
    }

    private static boolean inAppMetadata(Object claim) {
        return claim instanceof JsonObject metadata
                && (is(metadata.getValue("role"), ROLES) || holds(metadata.getValue("roles"), ROLES));
    }

    private static boolean inScope(Object claim) {
        return claim instanceof String scope
                && holds(new JsonArray(List.of(scope.strip().split("\\s+"))), GRANTS);
    }

    private static boolean holds(Object claim, Set<String> accepted) {
        return claim instanceof JsonArray items && items.stream().anyMatch(item -> is(item, accepted));
    }

    private static boolean is(Object claim, Set<String> accepted) {
        return claim instanceof String text && accepted.contains(text);
    }
}
