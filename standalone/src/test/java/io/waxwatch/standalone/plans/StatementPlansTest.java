package io.waxwatch.standalone.plans;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/**
 * No statement of any store is one that PostgreSQL takes for large when it knows nothing of the tables, or that walks
 * through a table that grows. Nobody registers a statement: {@link Statements} finds it.
 */
@DisabledIfEnvironmentVariable(
        named = TestDatabase.SERVER,
        matches = ".+",
        disabledReason = "plans for parameters that nobody binds need PostgreSQL 16; the embedded one is newer")
class StatementPlansTest {

    /** Half of {@code jit_above_cost}: a statement above that is compiled, for most of a second, where JIT is on. */
    private static final double MOST = 50_000;

    private static final int ROWS = 20_000;
    /** Rows of a user, or of whatever else a column refers to. */
    private static final int EACH = 40;

    /**
     * Read everything on purpose: once, while a provider or a notifier starts; and what all releases, or all queries that no sweep
     * serves, together want of the quota, once a minute.
     */
    private static final Set<String> WALKS_ON_PURPOSE = Set.of(
            "LiveIndex.RULES",
            "LiveIndex.RELEASES",
            "NotificationStore.TAKE_IN",
            "PollPacingStore.OWNED_QUERIES",
            "PollPacingStore.OWNED_RELEASES",
            "PollPacingStore.QUERY_DEMAND",
            "PollPacingStore.RELEASE_DEMAND",
            "PollPacingStore.STRETCH_QUERIES",
            "PollPacingStore.STRETCH_RELEASES");

    /** Times of which most are still to come. */
    private static final Set<String> IN_THE_FUTURE =
            Set.of("due_at", "expires_at", "next_due", "refresh_at", "refreshing_until");

    private static final Pattern WORD = Pattern.compile("'([a-z_]+)'");

    private static Statements statements;

    @BeforeAll
    static void find() {
        statements = Statements.thatShip("io.waxwatch");
    }

    @Test
    void every_statement_is_found() {
        assertThat(statements.byName())
                .hasSizeGreaterThan(80)
                .containsKeys("LiveIndex.NEWS", "ListingStore.UPSERT", "RetentionStore.EVENTS", "WatchRuleStore.LIST");
        assertThat(statements.outOfReach())
                .as("SQL that is not in a static text of its class, so that no test can plan it")
                .isEmpty();
    }

    @Test
    void every_table_is_known_to_grow_or_to_stay_small() throws SQLException {
        try (Connection connection = connect(TestDatabase.fresh())) {
            Set<String> known = new TreeSet<>(Tables.THAT_GROW);
            known.addAll(Tables.THAT_STAY_SMALL);
            assertThat(known).isEqualTo(new TreeSet<>(tables(connection)));
        }
        assertThat(Tables.THAT_GROW).doesNotContainAnyElementsOf(Tables.THAT_STAY_SMALL);
    }

    @Test
    void no_statement_is_taken_for_large_where_nothing_was_ever_analysed() throws SQLException {
        try (Connection connection = connect(TestDatabase.fresh())) {
            run(
                    connection,
                    "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relkind IN ('r', 'i')"
                            + " AND relnamespace = 'public'::regnamespace");
            run(
                    connection,
                    "DELETE FROM pg_statistic WHERE starelid IN"
                            + " (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)");
            Map<String, Double> tooLarge = new TreeMap<>();
            for (Map.Entry<String, String> statement : statements.byName().entrySet()) {
                double cost = Plan.of(connection, statement.getValue()).cost();
                if (cost > MOST) {
                    tooLarge.put(statement.getKey(), cost);
                }
            }
            assertThat(tooLarge).as("estimated costs above " + MOST).isEmpty();
        }
    }

    @Test
    void no_statement_walks_through_a_table_that_grows() throws SQLException {
        try (Connection connection = connect(TestDatabase.fresh())) {
            fill(connection);
            Map<String, List<String>> walks = new TreeMap<>();
            for (Map.Entry<String, String> statement : statements.byName().entrySet()) {
                List<String> walked = Plan.of(connection, statement.getValue()).walks(Tables.THAT_GROW);
                if (!walked.isEmpty()) {
                    walks.put(statement.getKey(), walked);
                }
            }
            assertThat(walks.keySet()).as("walks: %s", walks).isEqualTo(new TreeSet<>(WALKS_ON_PURPOSE));
        }
    }

    @Test
    void a_bad_statement_would_be_noticed() throws SQLException {
        try (Connection connection = connect(TestDatabase.fresh())) {
            String unbounded = """
                    SELECT * FROM watch_revision v LEFT JOIN watch_changes c ON c.revision > $1
                    LEFT JOIN watch_search_rules r ON c.kind = 'rule' AND r.id = c.subject_id LEFT JOIN users u ON true
                    ORDER BY c.revision
                    """;
            run(connection, "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relname = 'watch_revision'");
            assertThat(Plan.of(connection, unbounded).cost()).isGreaterThan(MOST);

            fill(connection);
            assertThat(Plan.of(connection, "SELECT id FROM listings WHERE url = $1")
                            .walks(Tables.THAT_GROW))
                    .containsExactly("Seq Scan on listings");
            assertThat(Plan.of(connection, "SELECT max(seller) FROM listings WHERE last_seen_at >= $1 AND id = $2")
                            .walks(Tables.THAT_GROW))
                    .isEmpty();
        }
    }

    /** Every table that grows gets rows of likely content, so that the planner has something to weigh. */
    private static void fill(Connection connection) throws SQLException {
        Map<String, List<String>> allowed = allowedValues(connection);
        run(connection, "SET session_replication_role = replica");
        for (String check : texts(connection, """
                SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
                WHERE contype = 'c' AND connamespace = 'public'::regnamespace
                """)) {
            run(connection, check);
        }
        for (String table : Tables.THAT_GROW) {
            List<String> references = texts(connection, """
                    SELECT DISTINCT a.attname FROM pg_constraint c
                    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
                    WHERE c.contype = 'f' AND c.conrelid = '%s'::regclass ORDER BY 1
                    """.formatted(table));
            List<String> unique = texts(connection, """
                    SELECT a.attname FROM pg_index i
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                    WHERE i.indisunique AND i.indnkeyatts = 1 AND i.indrelid = '%s'::regclass
                    """.formatted(table));
            Map<String, String> columns = new TreeMap<>();
            for (String column : texts(connection, """
                    SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
                    WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped
                    """.formatted(table))) {
                String name = column.substring(0, column.indexOf(' '));
                String type = column.substring(name.length() + 1);
                List<String> values = allowed.getOrDefault(table + "." + name, List.of());
                if (!values.isEmpty()) {
                    columns.put(
                            name, "(ARRAY['%s'])[1 + i %% %d]".formatted(String.join("', '", values), values.size()));
                } else if (references.contains(name) && !unique.contains(name)) {
                    columns.put(name, reference(name, references.indexOf(name)));
                } else {
                    columns.put(name, value(name, type));
                }
            }
            run(
                    connection,
                    "INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %d) AS i ON CONFLICT DO NOTHING"
                            .formatted(
                                    table,
                                    columns.keySet().stream()
                                            .map(name -> '"' + name + '"')
                                            .collect(Collectors.joining(", ")),
                                    String.join(", ", columns.values()),
                                    ROWS));
        }
        run(connection, "SET session_replication_role = origin");
        run(connection, "VACUUM ANALYZE");
    }

    /** The words that a check lets into a column; and those of an import's status, which has none. */
    private static Map<String, List<String>> allowedValues(Connection connection) throws SQLException {
        Map<String, List<String>> allowed = new HashMap<>();
        allowed.put("import_jobs.status", List.of("running", "completed", "completed", "completed", "failed"));
        for (String row : texts(connection, """
                SELECT format('%s.%s %s', c.conrelid::regclass, a.attname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'c' AND cardinality(c.conkey) = 1 AND c.connamespace = 'public'::regnamespace
                """)) {
            String[] columnAndCheck = row.split(" ", 2);
            List<String> words = WORD.matcher(columnAndCheck[1])
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            allowed.putIfAbsent(columnAndCheck[0], words);
        }
        return allowed;
    }

    /** Of a user {@value #EACH} rows side by side, of an event one, of anything else a few rows far apart. */
    private static String reference(String column, int number) {
        return switch (column) {
            case "user_id" -> "md5((i / %d)::text)::uuid".formatted(EACH);
            case "event_id" -> "gen_random_uuid()";
            default -> "md5((i::bigint * 7919 %% %d)::text)::uuid".formatted(6_000 + 1_000 * number);
        };
    }

    private static String value(String name, String type) {
        if (type.startsWith("character varying")) {
            String length = type.replaceAll("\\D", "");
            return "left(%s, %s)".formatted(Integer.parseInt(length) < 60 ? "'v' || i % 5" : "md5(i::text)", length);
        }
        if (type.startsWith("numeric")) {
            return "i % 500";
        }
        if (type.endsWith("_enum")) {
            return "(enum_range(NULL::%1$s))[1 + i %% array_length(enum_range(NULL::%1$s), 1)]".formatted(type);
        }
        return switch (type) {
            case "uuid" -> "gen_random_uuid()";
            case "text" -> "md5(i::text) || ' ' || i";
            case "boolean" -> "i % 2 = 0";
            case "integer", "bigint" -> "i";
            case "smallint" -> "i % 320";
            case "double precision" -> "1 + i % 5";
            case "jsonb" -> "jsonb_build_object('q', md5(i::text))";
            case "bytea" -> "decode(md5(i::text), 'hex')";
            case "timestamp with time zone" ->
                IN_THE_FUTURE.contains(name)
                        ? "now() + (i - 200) * interval '1 minute'"
                        : "now() - i * interval '1 minute'";
            default -> throw new IllegalArgumentException("no value for " + type);
        };
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return texts(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        String url = address.jdbcUrl();
        return DriverManager.getConnection(
                url + (url.contains("?") ? "&" : "?") + "preferQueryMode=simple", address.user(), address.password());
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
