package io.waxwatch.provider.http;

import java.util.List;
import java.util.UUID;

/**
 * What a call is for.
 *
 * @param users for whom; the one who was served least answers for it. Empty for what serves everybody, such as a sweep
 */
public record CallPurpose(CallLane lane, List<UUID> users) {

    public CallPurpose {
        users = List.copyOf(users);
    }

    /** For everybody. */
    public static CallPurpose everybody(CallLane lane) {
        return new CallPurpose(lane, List.of());
    }

    /** For one collector. */
    public static CallPurpose of(CallLane lane, UUID user) {
        return new CallPurpose(lane, List.of(user));
    }
}
