package io.waxwatch.provider.discogs.accountlink;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.secrets.TokenCipher;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.UrlPasswords;
import io.waxwatch.common.telemetry.Logging;
import io.waxwatch.common.telemetry.Metrics;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.tokens.TokenVault;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Seals every stored token with the present key, and ends: with 0 when all are, else with 1. Has the settings of a provider; providers may
 * run meanwhile, and it may be killed and run again.
 */
public final class ReencryptMain {

    private ReencryptMain() {}

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        int code = 1;
        try {
            Settings settings = Settings.fromEnvironment(Role.PROVIDER);
            Logging.configure(settings);
            code = run(settings);
        } catch (InvalidSettings invalid) {
            System.err.println(invalid.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CompletionException failed) {
            System.err.println(words(failed.getCause()));
        }
        Logging.close();
        System.exit(code);
    }

    private static int run(Settings settings) throws InterruptedException, ExecutionException {
        Vertx vertx = Vertx.vertx();
        Promise<TokenSealing.Done> ended = Promise.promise();
        vertx.runOnContext(go -> work(vertx, settings).onComplete(ended));
        try {
            TokenSealing.Done done =
                    ended.future().toCompletionStage().toCompletableFuture().get();
            System.out.println(words(done));
            return done.changed() + done.waiting() + done.unreadable() == 0 ? 0 : 1;
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    private static Future<TokenSealing.Done> work(Vertx vertx, Settings settings) {
        return TokenVault.open(vertx, settings, new Metrics("reencrypt"), DiscogsClient.PROVIDER)
                .compose(found -> {
                    if (found instanceof TokenVault.Missing missing) {
                        return Future.failedFuture(new IllegalStateException(missing.reason()));
                    }
                    TokenVault vault = ((TokenVault.Usable) found).vault();
                    Database database = Database.open(vertx, settings, "reencrypt");
                    return new TokenSealing(new AccountLinkStore(database), vault.cipher())
                            .rotate()
                            .eventually(vault::close);
                });
    }

    /** One line for each thing that an operator may have to do something about. */
    static String words(TokenSealing.Done done) {
        var text = new StringBuilder("Links sealed anew: " + done.resealed());
        if (done.changed() > 0) {
            text.append("\nChanged by others meanwhile: ")
                    .append(done.changed())
                    .append("; run it again");
        }
        if (done.waiting() > 0) {
            text.append("\nSealed with a key that cannot be used at present: ")
                    .append(done.waiting())
                    .append("; enable it, or set TOKEN_CRYPTO_LOCAL_KEY, and run it again");
        }
        if (done.unreadable() > 0) {
            text.append("\nUnreadable: ")
                    .append(done.unreadable())
                    .append("; their owners have to link their accounts anew (the log names them)");
        }
        return text.toString();
    }

    private static String words(Throwable cause) {
        return cause instanceof TokenCipher.KeyUnavailable key
                ? "Stopped: " + key.reason().text() + ". What was sealed so far stays; run it again."
                : "Stopped: " + UrlPasswords.masked(String.valueOf(cause.getMessage()));
    }
}
