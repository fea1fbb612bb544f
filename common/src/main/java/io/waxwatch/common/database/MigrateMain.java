package io.waxwatch.common.database;

import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Logging;
import org.flywaydb.core.api.FlywayException;

/** Brings the schema up to date and ends. With the argument {@code adopt} it first baselines a reference database. */
public final class MigrateMain {

    private MigrateMain() {}

    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.fromEnvironment(Role.MIGRATE);
            Logging.configure(settings);
            var migrations = new Migrations(settings.get(SettingsCatalog.DATABASE_URL));
            if (arguments.length > 0 && arguments[0].equals("adopt")) {
                migrations.adopt();
            }
            System.out.println("Migrations run: " + migrations.migrate());
        } catch (InvalidSettings | FlywayException | IllegalArgumentException failed) {
            System.err.println(failed.getMessage());
            Logging.close();
            System.exit(1);
        }
        Logging.close();
    }
}
