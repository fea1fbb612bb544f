package io.waxwatch.gateway.providerrequests;

import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.Uuids;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.Instants;
import io.waxwatch.gateway.validation.Numbers;
import io.waxwatch.gateway.validation.Violations;
import io.waxwatch.gateway.validation.Words;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which calls an administrator wants to see; null means any. All bounds are inclusive.
 *
 * @param provider wire name
 */
record Filters(
        String provider,
        Integer statusFrom,
        Integer statusTo,
        OffsetDateTime createdFrom,
        OffsetDateTime createdTo,
        UUID userId) {

    private static final List<String> PROVIDERS =
            Arrays.stream(Provider.values()).map(Provider::wireName).toList();

    /** Everybody's, whatever became of them. */
    static Filters none() {
        return new Filters(null, null, null, null, null, null);
    }

    static Filters ofUser(UUID userId) {
        return new Filters(null, null, null, null, null, userId);
    }

    /** Reads the filters of a query string; what is wrong with them is added to the violations. */
    static Filters of(Call call, Violations violations) {
        return new Filters(
                call.query("provider")
                        .flatMap(name -> Words.of(name, List.of("query", "provider"), PROVIDERS, violations))
                        .orElse(null),
                status(call, "status_code_gte", violations),
                status(call, "status_code_lte", violations),
                instant(call, "created_from", violations),
                instant(call, "created_to", violations),
                call.query("user_id").flatMap(id -> user(id, violations)).orElse(null));
    }

    /** Refuses bounds that leave nothing. */
    Filters consistent() {
        if (statusFrom != null && statusTo != null && statusFrom > statusTo) {
            throw ApiException.http(422, "status_code_gte cannot be greater than status_code_lte");
        }
        if (createdFrom != null && createdTo != null && createdFrom.isAfter(createdTo)) {
            throw ApiException.http(422, "created_from cannot be greater than created_to");
        }
        return this;
    }

    private static Integer status(Call call, String name, Violations violations) {
        var status = call.query(name).map(text -> Numbers.whole(text, List.of("query", name), 100, 599, violations));
        return status.isPresent() && status.get().isPresent()
                ? (int) status.get().getAsLong()
                : null;
    }

    private static OffsetDateTime instant(Call call, String name, Violations violations) {
        return call.query(name)
                .flatMap(text -> Instants.of(text, List.of("query", name), violations))
                .orElse(null);
    }

    private static Optional<UUID> user(String text, Violations violations) {
        Optional<UUID> id = Uuids.parse(text);
        if (id.isEmpty()) {
            violations.notUuid(List.of("query", "user_id"), text);
        }
        return id;
    }
}
