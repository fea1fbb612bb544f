package io.waxwatch.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The sandbox alone: {@code --port 8090 --seed 1 --listing-every-ms 5000}. A system property of the same name
 * ({@code sandbox.port}, {@code sandbox.seed}, {@code sandbox.listing-every-ms}) stands in for an argument that is not given.
 */
public final class SandboxMain {

    private SandboxMain() {}

    public static void main(String[] args) {
        // Not at the root of the class path: as a library the sandbox must not set another program's logging.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "io/waxwatch/sandbox/logback.xml");
        }
        Vertx vertx = Vertx.vertx();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> vertx.close().await(), "sandbox-stop"));
        try {
            // However long it takes: a busy machine is no reason to give up on a server that is about to serve.
            begin(vertx, args).await();
        } catch (Exception failed) {
            System.err.println("The sandbox cannot start: " + failed.getMessage());
            System.exit(1);
        }
    }

    /** @return the port that it serves on */
    static Future<Integer> begin(Vertx vertx, String... args) {
        int port = (int) number(args, "port", 8090);
        SandboxOptions options = SandboxOptions.defaults()
                .withSeed(number(args, "seed", 1))
                .withListingEvery(Duration.ofMillis(number(args, "listing-every-ms", 5_000)));
        return new MarketplaceSandbox(vertx, options).start(port);
    }

    private static long number(String[] args, String name, long otherwise) {
        String text = System.getProperty("sandbox." + name, String.valueOf(otherwise));
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals("--" + name)) {
                text = args[i + 1];
            }
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " must be a whole number", e);
        }
    }
}
