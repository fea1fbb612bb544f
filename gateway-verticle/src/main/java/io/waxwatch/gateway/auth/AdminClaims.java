package io.waxwatch.gateway.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which claims make an administrator; any one of them does. {@code user_metadata} never: users write it themselves. */
final class AdminClaims {

    private static final Set<String> ROLES = Set.of("admin", "service_role");
    private static final Set<String> GRANTS = Set.of("admin", "provider_requests:read_all");

    private AdminClaims() {}

    static boolean in(JWTClaimsSet claims) {
        return is(claims.getClaim("role"), ROLES)
                || is(claims.getClaim("user_role"), ROLES)
                || inAppMetadata(claims.getClaim("app_metadata"))
                || inScope(claims.getClaim("scope"))
                || holds(claims.getClaim("roles"), GRANTS)
                || holds(claims.getClaim("permissions"), GRANTS);
    }

    private static boolean inAppMetadata(Object claim) {
        return claim instanceof Map<?, ?> metadata
                && (is(metadata.get("role"), ROLES) || holds(metadata.get("roles"), ROLES));
    }

    private static boolean inScope(Object claim) {
        return claim instanceof String scope && holds(List.of(scope.strip().split("\\s+")), GRANTS);
    }

    private static boolean holds(Object claim, Set<String> accepted) {
        return claim instanceof List<?> items && items.stream().anyMatch(item -> is(item, accepted));
    }

    private static boolean is(Object claim, Set<String> accepted) {
        return claim instanceof String text && accepted.contains(text.strip().toLowerCase(Locale.ROOT));
    }
}
