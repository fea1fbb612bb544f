package io.waxwatch.gateway.profile;

import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.users.EmailSource;
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

    static void write(JsonWriter json, Profile profile) {
        json.startObject();
        json.uuid("id", profile.id);
        json.text("email", profile.email);
        json.startObject("email_delivery");
        json.text("address", profile.emailSource.isReal() ? profile.email : null);
        json.text("source", profile.emailSource.wireName());
        json.text("reason", reason(profile.emailSource));
        json.endObject();
        json.text("display_name", profile.settled.displayName());
        json.bool("is_active", profile.active);
        if (profile.suppressed == null) {
            json.nothing("email_suppressed");
        } else {
            json.startObject("email_suppressed");
            json.text("reason", profile.suppressed.reason());
            json.time("since", profile.suppressed.since());
            json.endObject();
        }
        profile.settled.preferences().write(json);
        json.startArray("integrations");
        for (Integration integration : profile.integrations) {
            json.startObject();
            json.text("provider", integration.provider());
            json.bool("linked", integration.linked());
            json.number("watch_rule_count", integration.ruleCount());
            json.endObject();
        }
        json.endArray();
        json.time("created_at", profile.createdAt);
        json.time("updated_at", profile.updatedAt);
        json.endObject();
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
