package io.waxwatch.common.settings;

import io.waxwatch.common.settings.InvalidSettings.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the environment said, checked once at start and unchangeable since. Immutable, so it may be handed to any thread.
 *
 * <p>Names of variables are case-insensitive, unknown ones are ignored, and a blank value counts as absent.
 */
public final class Settings {

    private static final Set<String> DEVELOPMENT_ENVIRONMENTS = Set.of("dev", "test", "local");

    private final Role role;
    private final Map<String, String> variables;
    private final Map<Setting<?>, Object> values;

    private Settings(Role role, Map<String, String> variables, Map<Setting<?>, Object> values) {
        this.role = role;
        this.variables = variables;
        this.values = values;
    }

    /**
     * Reads and checks this process's own environment: the only place in the program that does.
     *
     * @throws InvalidSettings with all faults at once
     */
    public static Settings fromEnvironment(Role role) {
        return load(System.getenv(), role);
    }

    /**
     * Reads and checks the variables.
     *
     * @param environment names to values
     * @param role what the process is started as; decides which settings it cannot do without
     * @throws InvalidSettings with all faults at once
     */
    public static Settings load(Map<String, String> environment, Role role) {
        Map<String, String> variables = canonical(environment);
        Map<Setting<?>, Object> values = new IdentityHashMap<>();
        Map<Setting<?>, String> faults = new IdentityHashMap<>();
        for (Setting<?> setting : SettingsCatalog.all()) {
            effectiveText(setting, variables).ifPresent(text -> {
                try {
                    values.put(setting, setting.parse(text));
                } catch (SettingType.Refused refused) {
                    faults.put(setting, refused.getMessage());
                }
            });
        }
        Settings settings = new Settings(role, Map.copyOf(variables), values);
        settings.findMissing(faults);
        settings.findContradictions(faults);
        if (!faults.isEmpty()) {
            throw new InvalidSettings(SettingsCatalog.all().stream()
                    .filter(faults::containsKey)
                    .map(setting -> new Fault(setting.name(), faults.get(setting)))
                    .toList());
        }
        return settings;
    }

    /**
     * The same environment, read for another role and with some variables replaced; a process that brings its own database hands
     * its address to the parts it starts in this way.
     *
     * @throws InvalidSettings with all faults at once
     */
    public Settings with(Role otherRole, Map<String, String> overrides) {
        Map<String, String> merged = new HashMap<>(variables);
        merged.putAll(canonical(overrides));
        return load(merged, otherRole);
    }

    /**
     * The value of a setting that has a default or that this role requires.
     *
     * @throws IllegalStateException if there is none: use {@link #find} for settings that may be absent
     */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalStateException(
                        setting.name() + " is not set, has no default and is not required by " + role));
    }

    /** The value of a setting that may be absent; its default counts as a value. */
    @SuppressWarnings("unchecked") // load() puts under a setting only what that setting parsed.
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /** Whether the environment itself gave the value, so that it is not the default. */
    public boolean isSet(Setting<?> setting) {
        return variables.containsKey(setting.name())
                && !variables.get(setting.name()).isBlank();
    }

    public Role role() {
        return role;
    }

    /** True in {@code dev}, {@code test} and {@code local}; any other environment, known or not, counts as production. */
    public boolean isDevelopment() {
        return find(SettingsCatalog.ENVIRONMENT)
                .map(DEVELOPMENT_ENVIRONMENTS::contains)
                .orElse(false);
    }

    /** Whether the gateway shows its metrics on its public port: as told, and if not told in development only. */
    public boolean areMetricsPublic() {
        return find(SettingsCatalog.METRICS_ON_PUBLIC_PORT).orElse(isDevelopment());
    }

    /**
     * The issuer that tokens must name, to the letter: {@code AUTH_ISSUER}, else {@code <SUPABASE_URL>/auth/v1}.
     *
     * @throws InvalidSettings if neither is set; ask at start, not at the first request
     */
    public String authIssuer() {
        return find(SettingsCatalog.AUTH_ISSUER)
                .or(() -> find(SettingsCatalog.SUPABASE_URL).map(url -> url + "/auth/v1"))
                .orElseThrow(() -> new InvalidSettings(List.of(new Fault(
                        SettingsCatalog.AUTH_ISSUER.name(),
                        "AUTH_ISSUER/AUTH_JWKS_URL or SUPABASE_URL must be configured"))));
    }

    /**
     * Where the issuer's keys are: {@code AUTH_JWKS_URL}, else {@code <issuer>/.well-known/jwks.json}.
     *
     * @throws InvalidSettings as {@link #authIssuer()}
     */
    public URI authJwksUrl() {
        return find(SettingsCatalog.AUTH_JWKS_URL)
                .orElseGet(() -> URI.create(authIssuer().replaceAll("/+$", "") + "/.well-known/jwks.json"));
    }

    /**
     * Where the issuer exchanges passwords and refresh tokens: {@code AUTH_TOKEN_URL}, else {@code <issuer>/token}.
     *
     * @throws InvalidSettings as {@link #authIssuer()}
     */
    public URI authTokenUrl() {
        return find(SettingsCatalog.AUTH_TOKEN_URL)
                .orElseGet(() -> URI.create(authIssuer().replaceAll("/+$", "") + "/token"));
    }

    /** One line for each variable that is set although nothing uses it, any more or yet; worth a warning at start. */
    public List<String> unusedVariables() {
        Stream<String> retired = SettingsCatalog.retired().stream()
                .filter(each -> !variables.getOrDefault(each.name(), "").isBlank())
                .map(RetiredSetting::advice);
        Stream<String> reserved = SettingsCatalog.all().stream()
                .filter(each -> isSet(each) && !isDefault(each))
                .flatMap(each -> each.reservedBecause().stream()
                        .map(because -> each.name() + " is accepted, but not used: " + because));
        return Stream.concat(retired, reserved).toList();
    }

    /** Written out, as in the sample file. */
    private boolean isDefault(Setting<?> setting) {
        return setting.defaultText()
                .map(text -> text.equals(variables.get(setting.name()).strip()))
                .orElse(false);
    }

    /** All names and values, secrets redacted. */
    @Override
    public String toString() {
        return SettingsCatalog.all().stream()
                .filter(values::containsKey)
                .map(setting -> setting.name() + "="
                        + (setting.secret()
                                ? Secret.REDACTED
                                : UrlPasswords.masked(String.valueOf(values.get(setting)))))
                .collect(Collectors.joining(", ", "Settings[" + role + ": ", "]"));
    }

    private void findMissing(Map<Setting<?>, String> faults) {
        for (Setting<?> setting : SettingsCatalog.all()) {
            boolean missing = !values.containsKey(setting) && !faults.containsKey(setting);
            if (missing && setting.isRequired(role, isDevelopment())) {
                faults.put(
                        setting,
                        setting.requiredBy().contains(role)
                                ? "is missing; " + setting.doc()
                                : "is missing, and the environment '" + environmentName()
                                        + "' does not start without it; " + setting.doc());
            }
        }
    }

    private void findContradictions(Map<Setting<?>, String> faults) {
        if (find(SettingsCatalog.CORS_ALLOW_CREDENTIALS).orElse(false)) {
            refuseWildcard(SettingsCatalog.CORS_ALLOWED_ORIGINS, faults);
            refuseWildcard(SettingsCatalog.CORS_ALLOWED_METHODS, faults);
            refuseWildcard(SettingsCatalog.CORS_ALLOWED_HEADERS, faults);
        }
        if (role == Role.NOTIFIER
                && find(SettingsCatalog.NOTIFICATION_EMAIL_PROVIDER).equals(Optional.of(EmailProvider.SMTP))
                && find(SettingsCatalog.SMTP_HOST).isEmpty()) {
            faults.putIfAbsent(
                    SettingsCatalog.SMTP_HOST,
                    "is missing, and NOTIFICATION_EMAIL_PROVIDER is smtp; write the host that takes the mails");
        }
        // Only where it is used: what is no secret may well be in the environment of every service.
        if (role == Role.NOTIFIER || role == Role.STANDALONE) {
            refuseHalf(SettingsCatalog.SMTP_USERNAME, SettingsCatalog.SMTP_PASSWORD, faults);
        }
        if (role == Role.PROVIDER || role == Role.STANDALONE) {
            refuseHalf(SettingsCatalog.EBAY_CLIENT_ID, SettingsCatalog.EBAY_CLIENT_SECRET, faults);
            refuseHalf(SettingsCatalog.DISCOGS_OAUTH_CLIENT_ID, SettingsCatalog.DISCOGS_OAUTH_CLIENT_SECRET, faults);
        }
        refuseSome(
                List.of(
                        SettingsCatalog.CLUSTER_TLS_CERT_FILE,
                        SettingsCatalog.CLUSTER_TLS_KEY_FILE,
                        SettingsCatalog.CLUSTER_TLS_CA_FILE),
                faults);
        refuseGreater(SettingsCatalog.EBAY_RETRY_BASE_DELAY_MS, SettingsCatalog.EBAY_RETRY_MAX_DELAY_MS, faults);
        refuseGreater(SettingsCatalog.DISCOGS_RETRY_BASE_DELAY_MS, SettingsCatalog.DISCOGS_RETRY_MAX_DELAY_MS, faults);
        refuseGreater(
                SettingsCatalog.NOTIFICATION_RETRY_BACKOFF_SECONDS,
                SettingsCatalog.NOTIFICATION_RETRY_MAX_DELAY_SECONDS,
                faults);
        refuseGreater(
                SettingsCatalog.RULE_MIN_POLL_INTERVAL_SECONDS, SettingsCatalog.RULE_MAX_POLL_INTERVAL_SECONDS, faults);
    }

    private void refuseWildcard(Setting<List<String>> list, Map<Setting<?>, String> faults) {
        if (find(list).orElse(List.of()).contains("*")) {
            faults.putIfAbsent(
                    list,
                    list.name().toLowerCase(Locale.ROOT) + " cannot include '*' when cors_allow_credentials is true");
        }
    }

    /** Half a credential is a typing mistake; to go on as if there were none would hide it. */
    private void refuseHalf(Setting<?> user, Setting<?> secret, Map<Setting<?>, String> faults) {
        if (faults.containsKey(user) || faults.containsKey(secret)) {
            return;
        }
        if (values.containsKey(user) && !values.containsKey(secret)) {
            faults.put(secret, "is missing, but " + user.name() + " is set; set both or neither");
        } else if (values.containsKey(secret) && !values.containsKey(user)) {
            faults.put(user, "is missing, but " + secret.name() + " is set; set both or neither");
        }
    }

    /** Of what only works together all are set or none. */
    private void refuseSome(List<Setting<?>> together, Map<Setting<?>, String> faults) {
        if (together.stream().anyMatch(faults::containsKey) || together.stream().noneMatch(values::containsKey)) {
            return;
        }
        String names = together.stream().map(Setting::name).collect(Collectors.joining(", "));
        together.stream()
                .filter(setting -> !values.containsKey(setting))
                .forEach(setting -> faults.put(setting, "is missing; set all or none of " + names));
    }

    private void refuseGreater(Setting<Duration> low, Setting<Duration> high, Map<Setting<?>, String> faults) {
        boolean greater =
                find(low).flatMap(l -> find(high).map(h -> l.compareTo(h) > 0)).orElse(false);
        if (greater) {
            faults.putIfAbsent(low, "is greater than " + high.name() + "; write a smaller one or raise the other");
        }
    }

    private String environmentName() {
        return find(SettingsCatalog.ENVIRONMENT).orElse("unknown");
    }

    private static Optional<String> effectiveText(Setting<?> setting, Map<String, String> variables) {
        String text = variables.get(setting.name());
        if (text != null && !text.isBlank()) {
            return Optional.of(text.strip());
        }
        if (text != null && setting.blankMeansOff()) {
            return Optional.empty();
        }
        return setting.defaultText();
    }

    /** Names in upper case; where two differ only in case, the one that is upper case already wins. */
    private static Map<String, String> canonical(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>();
        new TreeMap<>(environment)
                .forEach((name, value) -> variables.putIfAbsent(name.toUpperCase(Locale.ROOT), value));
        return variables;
    }
}
