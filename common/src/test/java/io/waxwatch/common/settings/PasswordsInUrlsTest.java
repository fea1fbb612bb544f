package io.waxwatch.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A URL may be put, whole or broken, into any variable, also into one that wants a host or a number: its password is in no
 * message, stack trace or printed value.
 */
class PasswordsInUrlsTest {

    private static final String PASSWORD = "Zqmarker9X";

    static final List<String> URLS = List.of(
            "postgresql://u:" + PASSWORD + "@h:5432/d",
            "postgresql://u:" + PASSWORD + "%w@h/d",
            "postgresql://u:" + PASSWORD + "@h:99999/d",
            "postgresql://u:" + PASSWORD,
            "redis://:" + PASSWORD + "@h:6379/0",
            "redis://:a@b/c?d#" + PASSWORD + "@h",
            "redis://:" + PASSWORD + "%w@h",
            "redis://u:" + PASSWORD,
            "rediss+sentinel://:" + PASSWORD + "@a,b/m/x",
            "smtp://u:" + PASSWORD + "@mail.example:587",
            "smtp://u:" + PASSWORD + "%w@mail example",
            "https://u:" + PASSWORD + "@issuer.example/auth",
            "https://u:" + PASSWORD + " @issuer.example",
            "https://" + PASSWORD + "@issuer.example/auth",
            "u:" + PASSWORD + "@h",
            "redis://h/0?password=" + PASSWORD);

    @ParameterizedTest
    @FieldSource("URLS")
    void are_in_no_message_of_any_setting(String url) {
        for (Setting<?> setting : SettingsCatalog.all()) {
            // Cut or with a blank in it, it is a text like any other, for whoever wants a text.
            boolean whole = url.matches("\\S+://\\S+(@|[?]password=)\\S+");
            if (!whole && !isAddress(setting)) {
                continue;
            }
            for (Role role : Role.values()) {
                assertThat(printed(setting, url, role))
                        .as("%s as %s", setting.name(), role)
                        .isNotEmpty()
                        .doesNotContain(PASSWORD);
            }
        }
    }

    private static boolean isAddress(Setting<?> setting) {
        return setting.secret()
                || setting.type().contains("URL")
                || setting.type().equals("host");
    }

    private static String printed(Setting<?> setting, String url, Role role) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", "postgresql://u@h/d");
        environment.put(setting.name(), url);
        var printed = new StringWriter();
        try {
            Settings settings = Settings.load(environment, role);
            printed.write(settings.toString());
            settings.unusedVariables().forEach(printed::write);
        } catch (InvalidSettings invalid) {
            invalid.printStackTrace(new PrintWriter(printed));
            printed.write(invalid.faults().toString());
        }
        return printed.toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cannot reach postgresql://u:pw@h:5432/d?x=1       | cannot reach postgresql://u:***redacted***@h:5432/d?x=1
            bad redis://:p@w/d@h, again                       | bad redis://:***redacted***@h, again
            {"a":"https://u:pw@h/x","b":"c@d"}                | {"a":"https://u:***redacted***@h/x","b":"c@d"}
            https://token@sentry.example/1                    | https://***redacted***@sentry.example/1
            redis://h/0?db=1&password=pw&x=y                  | redis://h/0?db=1&password=***redacted***&x=y
            redis+sentinel://h/m?sentinel_password=pw         | redis+sentinel://h/m?sentinel_password=***redacted***
            https://h/x?to=a@b.example                        | https://h/x?to=a@b.example
            postgresql://u@h/d                                | postgresql://u@h/d
            write to a@b.example: now                         | write to a@b.example: now
            """)
    void are_taken_out_of_any_text(String text, String masked) {
        assertThat(UrlPasswords.masked(text)).isEqualTo(masked);
    }

    @Test
    void a_text_without_them_is_left_alone() {
        String text = "nothing of the kind: //";
        assertThat(UrlPasswords.masked(text)).isSameAs(text);
    }
}
