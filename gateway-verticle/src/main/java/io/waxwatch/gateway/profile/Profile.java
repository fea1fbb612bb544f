package io.waxwatch.gateway.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.users.EmailSource;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * An account as its owner sees it.
 *
 * @param suppressed null while its address gets mails
 */
record Profile(
        UUID id,
        String email,
        EmailSource emailSource,
        Settled settled,
        boolean active,
        Suppressed suppressed,
        List<Integration> integrations,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    /**
     * What the owner decides.
     *
     * @param displayName null for none
     */
    record Settled(String displayName, Preferences preferences) {}

    /**
     * The address gets no mails.
     *
     * @param reason what its mailbox said
     */
    record Suppressed(String reason, OffsetDateTime since) {}

    /**
     * What the owner has to do with one marketplace.
     *
     * @param linked whether there is an account link, finished or not
     * @param ruleCount rules that name it among their sources
     */
    record Integration(String provider, boolean linked, int ruleCount) {}

    static void write(JsonGenerator json, Profile profile) throws IOException {
        json.writeStartObject();
        JsonOut.uuid(json, "id", profile.id);
        JsonOut.text(json, "email", profile.email);
        json.writeObjectFieldStart("email_delivery");
        JsonOut.text(json, "address", profile.emailSource.isReal() ? profile.email : null);
        JsonOut.text(json, "source", profile.emailSource.wireName());
        JsonOut.text(json, "reason", reason(profile.emailSource));
        json.writeEndObject();
        JsonOut.text(json, "display_name", profile.settled.displayName());
        json.writeBooleanField("is_active", profile.active);
        if (profile.suppressed == null) {
            json.writeNullField("email_suppressed");
        } else {
            json.writeObjectFieldStart("email_suppressed");
            JsonOut.text(json, "reason", profile.suppressed.reason());
            JsonOut.time(json, "since", profile.suppressed.since());
            json.writeEndObject();
        }
        profile.settled.preferences().write(json);
        json.writeArrayFieldStart("integrations");
        for (Integration integration : profile.integrations) {
            json.writeStartObject();
            JsonOut.text(json, "provider", integration.provider());
            json.writeBooleanField("linked", integration.linked());
            json.writeNumberField("watch_rule_count", integration.ruleCount());
            json.writeEndObject();
        }
        json.writeEndArray();
        JsonOut.time(json, "created_at", profile.createdAt);
        JsonOut.time(json, "updated_at", profile.updatedAt);
        json.writeEndObject();
    }

    private static String reason(EmailSource source) {
        return switch (source) {
            case ISSUER -> "the sign-in names this address";
            case KEPT -> "the sign-in names another address that is not verified yet; until it is, this one stays";
            case NONE -> "the sign-in names no address; there is no mail";
            case UNVERIFIED -> "the address that the sign-in names is not verified yet; until it is, there is no mail";
            case SUPERSEDED -> "the address belongs to another account by now; there is no mail";
        };
    }
}
