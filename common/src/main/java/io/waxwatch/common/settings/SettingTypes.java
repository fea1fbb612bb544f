package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.SettingType.choice;
import static io.waxwatch.common.settings.SettingType.text;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.Level;

/** The types of single settings, with the words that each of them understands. */
final class SettingTypes {

    private SettingTypes() {}

    static SettingType<String> environmentName() {
        return new SettingType<>("text", value -> text(40).parser().parse(value).toLowerCase(Locale.ROOT));
    }

    static SettingType<Level> logLevel() {
        return choice(ordered(
                Map.entry("debug", Level.DEBUG),
                Map.entry("info", Level.INFO),
                Map.entry("warn", Level.WARN),
                Map.entry("warning", Level.WARN),
                Map.entry("error", Level.ERROR),
                Map.entry("critical", Level.ERROR)));
    }

    static SettingType<DatabasePooling> pooling() {
        return choice(ordered(Map.entry("queue", DatabasePooling.QUEUE), Map.entry("null", DatabasePooling.NULL)));
    }

    static SettingType<EmailProvider> emailProvider() {
        SettingType<EmailProvider> built =
                choice(ordered(Map.entry("stub", EmailProvider.STUB), Map.entry("smtp", EmailProvider.SMTP)));
        return new SettingType<>(built.text(), value -> {
            if (value.equalsIgnoreCase("ses")) {
                throw new SettingType.Refused("'ses' is not built yet; write smtp (SES has an SMTP interface) or stub");
            }
            return built.parser().parse(value);
        });
    }

    @SafeVarargs
    static <T> Map<String, T> ordered(Map.Entry<String, T>... entries) {
        Map<String, T> map = new LinkedHashMap<>();
        for (Map.Entry<String, T> entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }
}
