package io.waxwatch.common.database;

import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Logging;

/** Brings the schema up to date and ends. With the argument {@code adopt} it first adopts a reference database. */
public final class MigrateMain {

    private MigrateMain() {}

    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.fromEnvironment(Role.MIGRATE);
            Logging.configure(settings);
            run(new Migrations(settings.get(SettingsCatalog.DATABASE_URL)), arguments);
        } catch (InvalidSettings | MigrationRefused | IllegalArgumentException | IllegalStateException refused) {
            System.err.println(refused.getMessage());
            Logging.close();
            System.exit(1);
        }
        Logging.close();
    }

    private static void run(Migrations migrations, String[] arguments) {
        if (arguments.length > 1 || arguments.length == 1 && !arguments[0].equals("adopt")) {
            throw new IllegalArgumentException("The only argument is adopt: make migrate ARGS=adopt");
        }
        if (arguments.length == 1) {
            System.out.println(migrations.adopt() ? "Adopted." : "This database is WaxWatch's already.");
        }
        System.out.println("Migrations run: " + migrations.migrate());
    }
}
