package io.waxwatch.benchmarks.mail;

import io.waxwatch.benchmarks.BenchmarkServers;
import io.waxwatch.benchmarks.processes.Build;
import io.waxwatch.benchmarks.report.Median;
import io.waxwatch.standalone.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How many mails a second leave one notifier: claimed from an outbox of PostgreSQL with fsync on, composed, taken by a mail host on the
 * same machine, and written down. The notifier is a process with the heap that services have; so is the mail host, which takes
 * everything at once, or after the time that a host needs to write a mail to its disk.
 *
 * <p>With a former build, both take turns, and the ratio is the median of the ratios of neighbouring rounds. Each round has a new
 * process and an outbox filled anew; the first third of its mails, while the JVM warms up, is not counted.
 */
public final class MailBenchmark {

    private static final int USERS = 1_000;
    private static final int MAILS = 12_000;
    private static final int SLOW_MAILS = 6_000;
    private static final int ROUNDS = 5;
    private static final int HOST_PAUSE_MILLIS = 20;
    private static final int PATIENCE_SECONDS = 240;

    private static final List<String> EMPTY = List.of("TRUNCATE notification_deliveries, notifications, events");

    private static final String USER_ROWS = """
            INSERT INTO users (id, email, hashed_password, is_active, created_at, updated_at)
            SELECT gen_random_uuid(), 'collector-' || n || '@waxwatch.example', '!', true, now(), now()
            FROM generate_series(1, %d) AS n
            """.formatted(USERS);

    private static final String EVENT_ROWS = """
            INSERT INTO events (id, user_id, type, payload, created_at)
            SELECT gen_random_uuid(), u.id, 'NEW_MATCH',
                   jsonb_build_object('rule_name', 'Blue Train under 20', 'listing_title',
                       'John Coltrane – Blue Train (LP, Mono) ' || n, 'price', 18.5, 'currency', 'USD', 'price_kind', 'fixed',
                       'condition', 'near_mint', 'seller', 'wax_attic', 'location', 'Hamburg, DE', 'provider', 'ebay',
                       'listing_url', 'https://www.ebay.com/itm/' || n,
                       'why', jsonb_build_array('title has “blue train”', '18.50 USD is at most 20.00 USD')),
                   now() + make_interval(secs => n * 0.0001)
            FROM generate_series(1, %d) AS n
            JOIN (SELECT id, row_number() OVER () AS position FROM users WHERE email LIKE 'collector-%%') AS u
                ON u.position = n %% %d + 1
            """;
    private static final String NOTIFICATION_ROWS = """
            INSERT INTO notifications (id, user_id, event_id, event_type, channel, status, is_read, created_at, updated_at)
            SELECT gen_random_uuid(), user_id, id, type, 'email', 'pending', false, created_at, created_at FROM events
            """;
    private static final String DELIVERY_ROWS = """
            INSERT INTO notification_deliveries (notification_id, channel, due_at) SELECT id, channel, now() FROM notifications
            """;

    private final BenchmarkServers servers;
    private final MailHost host;

    private MailBenchmark(BenchmarkServers servers, MailHost host) {
        this.servers = servers;
        this.host = host;
    }

    /**
     * Runs it and prints its table.
     *
     * @param former to compare this build with
     */
    public static void run(Optional<Build> former) throws Exception {
        System.out.printf(
                Locale.ROOT, "Mails a second that a host on this machine takes from one notifier, %d rounds%n", ROUNDS);
        System.out.printf("%-44s %12s %20s %8s%n", "", "median", "rounds", "ratio");
        try (BenchmarkServers servers = BenchmarkServers.start();
                var host = new MailHost()) {
            servers.run(List.of(USER_ROWS));
            var benchmark = new MailBenchmark(servers, host);
            benchmark.compare(former, "host answers at once", MAILS, 0);
            benchmark.compare(
                    former, "host takes " + HOST_PAUSE_MILLIS + " ms over a mail", SLOW_MAILS, HOST_PAUSE_MILLIS);
        }
    }

    private void compare(Optional<Build> former, String what, int mails, int pauseMillis) throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (former.isPresent()) {
                theirs.add(round(former.get(), mails, pauseMillis));
            }
            ours.add(round(Build.current(), mails, pauseMillis));
            if (former.isPresent()) {
                ratios.add(ours.get(round) / theirs.get(round));
            }
        }
        if (former.isPresent()) {
            print("former build, " + what, theirs, "1");
        }
        print(
                "this build, " + what,
                ours,
                ratios.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", Median.of(ratios)));
    }

    private static void print(String what, List<Double> rates, String ratio) {
        System.out.printf(
                Locale.ROOT,
                "%-44s %,10.0f/s %,9.0f to %,7.0f %8s%n",
                what,
                Median.of(rates),
                rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                ratio);
    }

    private double round(Build build, int mails, int pauseMillis) throws Exception {
        servers.run(EMPTY);
        servers.run(List.of(
                String.format(Locale.ROOT, EVENT_ROWS, mails, USERS),
                NOTIFICATION_ROWS,
                DELIVERY_ROWS,
                "VACUUM (ANALYZE)"));
        host.begin(pauseMillis);
        Path log = servers.folder().resolve("notifier.log");
        try (var notifier = NotifierProcess.start(build, settings(), log)) {
            return host.rate(mails / 3, mails, PATIENCE_SECONDS);
        } catch (IllegalStateException late) {
            throw new IllegalStateException(
                    late.getMessage() + "; the notifier's log ends with: " + lastLine(log), late);
        }
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    private Map<String, String> settings() throws IOException {
        int clusterPort = Ports.free();
        Map<String, String> settings = new HashMap<>();
        settings.put("DATABASE_URL", servers.url());
        settings.put("NOTIFICATION_EMAIL_PROVIDER", "smtp");
        settings.put("NOTIFICATION_SENDER_EMAIL", "alerts@waxwatch.example");
        settings.put("PUBLIC_BASE_URL", "https://waxwatch.example");
        settings.put("SMTP_HOST", "127.0.0.1");
        settings.put("SMTP_PORT", Integer.toString(host.port()));
        settings.put("SMTP_STARTTLS", "false");
        settings.put("MANAGEMENT_HOST", "127.0.0.1");
        settings.put("MANAGEMENT_PORT", Integer.toString(Ports.free()));
        settings.put("CLUSTER_HOST", "127.0.0.1");
        settings.put(
                "CLUSTER_NAME", "waxwatch-benchmark-" + ProcessHandle.current().pid());
        settings.put("CLUSTER_PORT", Integer.toString(clusterPort));
        settings.put("CLUSTER_MEMBERS", "[\"127.0.0.1:" + clusterPort + "\"]");
        settings.put("EVENT_BUS_PORT", "0");
        return settings;
    }
}
