package io.waxwatch.gateway.profile;

import io.waxwatch.common.time.TimeZoneName;
import io.waxwatch.gateway.profile.Profile.Settled;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;
import java.util.Optional;

/**
 * A change of a profile, merged into what is stored: what is absent stays. Null clears what can be empty (the time zones,
 * the currency, the quiet hours) and leaves what cannot be.
 */
final class ProfilePatch {

    private static final List<String> FREQUENCIES = List.of("instant", "hourly", "daily");

    /** A field of the patch that can be cleared. */
    private record Change<T>(boolean given, T value) {

        static <T> Change<T> none() {
            return new Change<>(false, null);
        }

        static <T> Change<T> of(BodyFields fields, String name, Optional<T> value) {
            return new Change<>(value.isPresent() || fields.isNull(name), value.orElse(null));
        }

        T over(T before) {
            return given ? value : before;
        }
    }

    private Optional<String> displayName = Optional.empty();
    private Change<String> timezone = Change.none();
    private Change<String> currency = Change.none();
    private Optional<Boolean> email = Optional.empty();
    private Optional<Boolean> push = Optional.empty();
    private Change<Integer> quietHoursStart = Change.none();
    private Change<Integer> quietHoursEnd = Change.none();
    private Change<String> notificationTimezone = Change.none();
    private Optional<String> frequency = Optional.empty();

    private ProfilePatch() {}

    static ProfilePatch of(Call call) {
        var violations = new Violations();
        BodyFields body = call.patch(violations);
        var patch = new ProfilePatch();
        patch.displayName = body.name("display_name", 120);
        body.fields("preferences").ifPresent(patch::read);
        violations.refuseIfAny();
        return patch;
    }

    private void read(BodyFields fields) {
        timezone = zone(fields, "timezone");
        currency = Change.of(fields, "currency", fields.currency("currency"));
        email = fields.bool("notifications_email");
        push = fields.bool("notifications_push");
        quietHoursStart = hour(fields, "quiet_hours_start");
        quietHoursEnd = hour(fields, "quiet_hours_end");
        notificationTimezone = zone(fields, "notification_timezone");
        frequency = fields.word("delivery_frequency", FREQUENCIES);
    }

    Settled applyTo(Settled before) {
        Preferences stored = before.preferences();
        return new Settled(
                displayName.orElse(before.displayName()),
                new Preferences(
                        timezone.over(stored.timezone()),
                        currency.over(stored.currency()),
                        email.orElse(stored.email()),
                        push.orElse(stored.push()),
                        quietHoursStart.over(stored.quietHoursStart()),
                        quietHoursEnd.over(stored.quietHoursEnd()),
                        notificationTimezone.over(stored.notificationTimezone()),
                        frequency.orElse(stored.deliveryFrequency())));
    }

    private static Change<String> zone(BodyFields fields, String name) {
        Optional<String> zone = fields.text(name, 0, 64);
        zone.filter(given -> TimeZoneName.read(given).isEmpty())
                .ifPresent(unknown -> fields.refuse(name, TimeZoneName.UNKNOWN));
        return Change.of(fields, name, zone);
    }

    private static Change<Integer> hour(BodyFields fields, String name) {
        var hour = fields.whole(name, 0, 23);
        return Change.of(
                fields, name, hour.isPresent() ? Optional.of((int) hour.getAsLong()) : Optional.<Integer>empty());
    }
}
