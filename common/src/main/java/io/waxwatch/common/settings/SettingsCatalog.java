package io.waxwatch.common.settings;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * Every variable the program reads. Nothing else reads the environment. Each group of settings is declared in an interface of its own,
 * so that a caller names a setting without knowing its group.
 */
public final class SettingsCatalog
        implements ProcessSettings,
                DatabaseSettings,
                RedisSettings,
                ClusterSettings,
                GatewaySettings,
                AuthenticationSettings,
                CorsSettings,
                RateLimitSettings,
                StreamSettings,
                SearchSettings,
                RuleSettings,
                SchedulerSettings,
                RetentionSettings,
                DiscogsSettings,
                EbaySettings,
                TokenCipherSettings,
                NotificationSettings,
                ErrorReportingSettings,
                StandaloneSettings {

    private static final List<Setting<?>> ALL = declared(SettingsCatalog.class.getInterfaces());

    private SettingsCatalog() {}

    /** All settings, grouped, in the order of the documentation, which is that of their declaration. */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** The variables of earlier deployments that nothing reads any more. */
    public static List<RetiredSetting> retired() {
        return RetiredSettings.ALL;
    }

    private static List<Setting<?>> declared(Class<?>... groups) {
        List<Setting<?>> settings = new ArrayList<>();
        for (Class<?> group : groups) {
            for (Field field : group.getDeclaredFields()) {
                if (field.getType() == Setting.class) {
                    settings.add(read(field));
                }
            }
        }
        return List.copyOf(settings);
    }

    private static Setting<?> read(Field field) {
        try {
            return (Setting<?>) field.get(null);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError("the groups lie in this package", impossible);
        }
    }
}
