package io.waxwatch.common.outbox;

import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** An event to append; the three references and the payload may be null. */
public record NewEvent(
        UUID userId, EventType type, UUID watchReleaseId, UUID ruleId, UUID listingId, JsonObject payload) {

    /** An event of a rule, without payload. */
    public static NewEvent ofRule(UUID userId, EventType type, UUID ruleId) {
        return new NewEvent(userId, type, null, ruleId, null, null);
    }

    /** An event of a watch release, without payload. */
    public static NewEvent ofRelease(UUID userId, EventType type, UUID watchReleaseId) {
        return new NewEvent(userId, type, watchReleaseId, null, null, null);
    }
}
