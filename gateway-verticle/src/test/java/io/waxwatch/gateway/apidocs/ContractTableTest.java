package io.waxwatch.gateway.apidocs;

import io.waxwatch.gateway.testing.ContractRow;
import io.waxwatch.gateway.testing.ContractStage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract that older clients know, line by line: {@code contract/*.txt}, a file for each resource. {@code contract/README.txt}
 * tells how to read them.
 */
class ContractTableTest {

    private static final List<String> FILES = List.of(
            "conventions",
            "pages",
            "cors-and-rates",
            "authentication",
            "health",
            "profile",
            "events-and-notifications",
            "watch-rules",
            "watch-releases",
            "search",
            "outbound",
            "discogs",
            "provider-requests",
            "development",
            "login");

    private static final List<String> LISTS = List.of(
            "/api/events", "/api/notifications", "/api/watch-rules", "/api/watch-releases", "/api/provider-requests");

    private static ContractStage stage;

    @BeforeAll
    static void start() {
        stage = new ContractStage();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    static Stream<ContractRow> rows() {
        return FILES.stream().flatMap(ContractTableTest::rowsOf);
    }

    private static Stream<ContractRow> rowsOf(String file) {
        var rows = new ArrayList<ContractRow>();
        try (var lines = new BufferedReader(new InputStreamReader(
                ContractTableTest.class.getResourceAsStream("contract/" + file + ".txt"), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String where = file + ".txt:" + ++number;
                if (!line.isBlank() && !line.startsWith("#")) {
                    lists(line).forEach(each -> rows.add(ContractRow.of(where, each)));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return rows.stream();
    }

    private static Stream<String> lists(String line) {
        return line.contains("$LIST?")
                ? LISTS.stream().map(list -> line.replace("$LIST?", list + "?"))
                : Stream.of(line);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void the_gateway_keeps(ContractRow row) {
        try {
            stage.play(row);
        } catch (AssertionError broken) {
            throw new AssertionError(row + "\n" + broken.getMessage(), broken);
        }
    }
}
