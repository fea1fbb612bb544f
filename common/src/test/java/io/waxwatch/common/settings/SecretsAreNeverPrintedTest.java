package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SecretsAreNeverPrintedTest {

    private static final Pattern CORE = Pattern.compile("Zq[a-z]{8}9X");

    /** What a secret is put between, so that it is read as part of a URL, whole or broken, or as a plain text. */
    private static final List<String> SHAPES = List.of(
            "%s",
            "postgresql://u:%s@h/d",
            "postgresql://u:%s@h:99999/d",
            "postgresql://u:%s@h/d?sslmode=x",
            "postgresql://u@h/d?password=%s",
            "postgresql://u:%s",
            "redis://:%s@h:6379/0",
            "redis://:%s@h/x",
            "https://%s@sentry.example/1",
            "ftp://%s@sentry.example/1");

    /**
     * Every secret setting holds a text of its own, sound or not. Whatever happens, no message, no stack trace and no printed value
     * repeats it.
     */
    @Property(tries = 300)
    void no_message_and_no_printed_value_holds_a_secret(
            @ForAll("secrets") String secret,
            @ForAll("shapes") List<String> shapes,
            @ForAll Role role,
            @ForAll boolean production,
            @ForAll boolean otherFault,
            @ForAll boolean sound) {
        Map<String, String> environment = new HashMap<>();
        environment.put("ENVIRONMENT", production ? "prod" : "dev");
        environment.put("CELERY_BROKER_URL", "redis://:" + secret + "@h/0");
        if (otherFault) {
            environment.put("GATEWAY_PORT", "x");
        }
        String core = core(secret);
        int shape = 0;
        for (Setting<?> setting : SettingsCatalog.all()) {
            if (setting.secret()) {
                String text = sound
                        ? soundText(setting, core)
                        : shapes.get(shape++ % shapes.size()).formatted(secret);
                environment.put(setting.name(), text);
            }
        }

        StringWriter printed = new StringWriter();
        try {
            Settings settings = Settings.load(environment, role);
            printed.write(settings.toString());
            SettingsCatalog.all()
                    .forEach(setting -> settings.find(setting).ifPresent(value -> printed.write(value.toString())));
            settings.unusedVariables().forEach(printed::write);
        } catch (InvalidSettings invalid) {
            invalid.printStackTrace(new PrintWriter(printed));
            printed.write(invalid.faults().toString());
        }

        assertThat(printed.toString()).isNotEmpty().doesNotContain(core);
    }

    @Property(tries = 20)
    void sound_secrets_are_read_and_still_not_printed(@ForAll("secrets") String secret, @ForAll Role role) {
        Map<String, String> environment = new HashMap<>();
        for (Setting<?> setting : SettingsCatalog.all()) {
            if (setting.secret()) {
                environment.put(setting.name(), soundText(setting, core(secret)));
            }
        }
        environment.put("EBAY_CLIENT_ID", "id");
        environment.put("SMTP_USERNAME", "user");
        environment.put("DISCOGS_OAUTH_CLIENT_ID", "id");

        Settings settings = Settings.load(environment, role);

        assertThat(settings.toString()).doesNotContain(core(secret));
        assertThat(SettingsCatalog.all())
                .filteredOn(Setting::secret)
                .allSatisfy(
                        setting -> assertThat(settings.get(setting).toString()).doesNotContain(core(secret)));
    }

    private static String core(String secret) {
        Matcher matcher = CORE.matcher(secret);
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    private static String soundText(Setting<?> setting, String core) {
        return switch (setting.name()) {
            case "DATABASE_URL" -> "postgresql://u:" + core + "@h/d";
            case "REDIS_URL" -> "redis://:" + core + "@h/0";
            case "SENTRY_DSN" -> "https://" + core + "@sentry.example/1";
            // 32 bytes are 43 characters of base64.
            case "TOKEN_CRYPTO_LOCAL_KEY" -> core + "A".repeat(43 - core.length()) + "=";
            // eBay wants 32 characters at least.
            case "EBAY_DELETION_VERIFICATION_TOKEN" -> core + "A".repeat(32 - core.length());
            default -> core;
        };
    }

    /** A core that occurs nowhere else, within characters that are awkward in URLs. */
    @Provide
    Arbitrary<String> secrets() {
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars("@:/?#%&=+[]{}\"'\\ \t\nà€𝄞a0*,")
                .ofMaxLength(6);
        Arbitrary<String> core =
                Arbitraries.strings().withCharRange('a', 'z').ofLength(8).map(text -> "Zq" + text + "9X");
        return Combinators.combine(awkward, core, awkward).as((before, middle, after) -> before + middle + after);
    }

    @Provide
    Arbitrary<List<String>> shapes() {
        return Arbitraries.of(SHAPES).list().ofMinSize(1).ofMaxSize(5);
    }
}
