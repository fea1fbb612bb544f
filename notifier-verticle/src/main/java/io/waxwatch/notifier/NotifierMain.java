package io.waxwatch.notifier;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.http.ManagementServer;
import io.waxwatch.common.http.Readiness;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import java.time.Duration;

/** The notifier as a process of the cluster. */
public final class NotifierMain {

    private NotifierMain() {}

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.load(System.getenv(), Role.NOTIFIER);
            Node.clustered("notifier", settings).compose(NotifierMain::run).onFailure(NotifierMain::giveUp);
        } catch (InvalidSettings faults) {
            giveUp(faults);
        }
    }

    private static Future<Void> run(Node node) {
        Database database = node.openDatabase();
        var readiness = new Readiness().require("database", () -> database.query("SELECT 1", Tuple.tuple()));
        return ManagementServer.start(node, readiness)
                .compose(server -> Notifier.deploy(node, database))
                .onSuccess(deployed -> {
                    node.onClose("readiness", Duration.ofSeconds(1), () -> {
                        readiness.drain();
                        return Future.succeededFuture();
                    });
                    node.closeOnSignal();
                });
    }

    private static void giveUp(Throwable cause) {
        System.err.println("The notifier cannot start: " + cause.getMessage());
        System.exit(1);
    }
}
