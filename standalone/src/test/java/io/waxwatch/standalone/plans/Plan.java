package io.waxwatch.standalone.plans;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** How PostgreSQL would go about a statement whose parameters it does not know. */
final class Plan {

    /** Nodes that hand on their first row before they have read their last. */
    private static final Set<String> STREAMING =
            Set.of("Limit", "LockRows", "Nested Loop", "Subquery Scan", "Append", "Merge Append", "Result");

    /**
     * Where the limit is not known, PostgreSQL assumes a tenth of all rows; but it goes on planning anew for each call when
     * that makes the plan for every call dearer than the one for this call. So a known limit is what counts.
     */
    private static final Pattern LIMIT = Pattern.compile("LIMIT \\$\\d+");

    private final JsonObject root;

    private Plan(JsonObject root) {
        this.root = root;
    }

    /** @param connection in simple query mode, for the statement has parameters that nobody binds */
    static Plan of(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN (GENERIC_PLAN, FORMAT JSON) "
                        + LIMIT.matcher(sql).replaceAll("LIMIT 20"))) {
            rows.next();
            return new Plan(new JsonArray(rows.getString(1)).getJsonObject(0).getJsonObject("Plan"));
        }
    }

    double cost() {
        return root.getDouble("Total Cost");
    }

    /** The tables among these that it would read from end to end, by themselves or along an index. */
    List<String> walks(Set<String> tables) {
        List<String> walked = new ArrayList<>();
        collect(root, false, tables, walked);
        return walked;
    }

    private static void collect(JsonObject node, boolean limited, Set<String> tables, List<String> walked) {
        String type = node.getString("Node Type");
        String table = node.getString("Relation Name");
        if (table != null && tables.contains(table)) {
            boolean alongIndex = type.startsWith("Index") && node.getString("Index Cond") == null;
            if (type.equals("Seq Scan") || (alongIndex && !limited)) {
                walked.add(type + " on " + table);
            }
        }
        boolean below = type.equals("Limit") || (limited && STREAMING.contains(type));
        for (Object child : node.getJsonArray("Plans", new JsonArray())) {
            collect((JsonObject) child, below, tables, walked);
        }
    }

    @Override
    public String toString() {
        return root.encodePrettily();
    }
}
