package io.waxwatch.common.settings;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One variable of the environment: the only description of it, from which parsing, the sample file and the
 * documentation follow.
 * Compared by identity: the constants of {@link SettingsCatalog} are the only ones there are.
 *
 * @param <T> what its value is read as
 */
public final class Setting<T> {

    private final SettingGroup group;
    private final String name;
    private final SettingType<T> type;
    private final String defaultText;
    private final String doc;
    private final boolean secret;
    private final boolean blankMeansOff;
    private final Set<Role> requiredBy;
    private final Set<Role> requiredInProductionBy;
    private final String reservedBecause;

    private Setting(Builder<T> builder) {
        this.group = builder.group;
        this.name = builder.name;
        this.type = builder.type;
        this.defaultText = builder.defaultText;
        this.doc = builder.doc;
        this.secret = builder.secret;
        this.blankMeansOff = builder.blankMeansOff;
        this.requiredBy = builder.requiredBy;
        this.requiredInProductionBy = builder.requiredInProductionBy;
        this.reservedBecause = builder.reservedBecause;
    }

    static <T> Builder<T> withDefault(
            SettingGroup group, String name, SettingType<T> type, String defaultText, String doc) {
        return new Builder<>(group, name, type, defaultText, doc);
    }

    static <T> Builder<T> optional(SettingGroup group, String name, SettingType<T> type, String doc) {
        return new Builder<>(group, name, type, null, doc);
    }

    /** The variable's name, upper case. */
    public String name() {
        return name;
    }

    public SettingGroup group() {
        return group;
    }

    /** Its type in words, bounds included. */
    public String type() {
        return type.text();
    }

    /** What is read when the variable is absent or blank; empty if nothing is. */
    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    public boolean secret() {
        return secret;
    }

    /** True if a variable that is there but blank means "off" rather than "the default". */
    public boolean blankMeansOff() {
        return blankMeansOff;
    }

    /** What it is for, in plain sentences. */
    public String doc() {
        return doc;
    }

    /** Why nothing uses it, as the rest of a sentence; empty if something does. */
    public Optional<String> reservedBecause() {
        return Optional.ofNullable(reservedBecause);
    }

    /** The roles that cannot start without it, wherever they run. */
    public Set<Role> requiredBy() {
        return requiredBy;
    }

    /** The roles that cannot start without it in a production-like environment. */
    public Set<Role> requiredInProductionBy() {
        return requiredInProductionBy;
    }

    boolean isRequired(Role role, boolean development) {
        if (requiredBy.contains(role)) {
            return true;
        }
        if (development) {
            return false;
        }
        boolean byAny = !requiredBy.isEmpty() || !requiredInProductionBy.isEmpty();
        return role == Role.STANDALONE ? byAny : requiredInProductionBy.contains(role);
    }

    /**
     * Reads a text that is trimmed and not blank.
     *
     * @throws SettingType.Refused with a sentence that says what to write instead
     */
    T parse(String text) {
        return type.parser().parse(text);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects what there is to say of a setting before it is one. */
    static final class Builder<T> {

        private final SettingGroup group;
        private final String name;
        private final SettingType<T> type;
        private final String defaultText;
        private final String doc;
        private boolean secret;
        private boolean blankMeansOff;
        private Set<Role> requiredBy = Set.of();
        private Set<Role> requiredInProductionBy = Set.of();
        private String reservedBecause;

        private Builder(SettingGroup group, String name, SettingType<T> type, String defaultText, String doc) {
            this.group = Objects.requireNonNull(group, "group");
            this.name = Objects.requireNonNull(name, "name");
            this.type = Objects.requireNonNull(type, "type");
            this.defaultText = defaultText;
            this.doc = Objects.requireNonNull(doc, "doc");
        }

        /** No message repeats a value of it, and printing the settings shows only that it is set. */
        Builder<T> secretly() {
            secret = true;
            return this;
        }

        /** A variable that is there but blank switches off what the default would switch on. */
        Builder<T> offWhenBlank() {
            blankMeansOff = true;
            return this;
        }

        Builder<T> requiredBy(Set<Role> roles) {
            requiredBy = Set.copyOf(roles);
            return this;
        }

        Builder<T> requiredInProductionBy(Role... roles) {
            requiredInProductionBy = Set.of(roles);
            return this;
        }

        /** It is read and checked, so that environments of earlier deployments stay good, but nothing uses it. */
        Builder<T> reserved(String because) {
            reservedBecause = because;
            return this;
        }

        Setting<T> build() {
            return new Setting<>(this);
        }
    }
}
