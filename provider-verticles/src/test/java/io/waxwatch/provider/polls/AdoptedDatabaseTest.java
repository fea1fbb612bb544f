package io.waxwatch.provider.polls;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.testing.ReferenceTables;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.provider.Providers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A provider on a database that the reference has filled with whatever its columns take, and gone back to in between. */
final class AdoptedDatabaseTest {

    private final DatabaseAddress address = TestDatabase.empty();

    @Test
    void whatever_stands_there_a_provider_starts_and_nothing_secret_stays_open() {
        ReferenceTables.create(address);
        ReferenceTables.fill(address);

        forward();

        assertThat(openSecrets()).isZero();
        assertThat(ReferenceTables.count(address, "SELECT count(DISTINCT rule_id) FROM poll_rules"))
                .as("rules with a word to ask for")
                .isPositive();

        // Back: it writes as it always did, and changes a rule.
        ReferenceTables.execute(
                address,
                "UPDATE external_account_links SET access_token = 'plain-again', refresh_token = 'refresh-again',"
                        + " token_metadata = '{\"access_token_secret\": \"plain-again\"}'",
                "UPDATE watch_search_rules SET query = '{\"keywords\": [\"changed\"], \"sources\": [\"ebay\"]}', updated_at = now()");

        forward();

        assertThat(openSecrets()).isZero();
        assertThat(ReferenceTables.count(address, "SELECT count(*) FROM polls WHERE canonical_key LIKE '%changed%'"))
                .as("what the rules now ask")
                .isEqualTo(1);
        assertThat(ReferenceTables.count(
                        address,
                        "SELECT count(*) FROM polls WHERE kind = 'query' AND canonical_key NOT LIKE '%changed%'"))
                .as("what they asked before")
                .isZero();
    }

    private void forward() {
        new Migrations(address).adopt();
        new Migrations(address).migrate();
        Node node = await(Node.alone(
                "test",
                TestDatabase.settings(
                        address,
                        Role.PROVIDER,
                        Map.of(
                                "EBAY_CLIENT_ID", "id",
                                "EBAY_CLIENT_SECRET", "secret",
                                "EBAY_BASE_URL", "http://127.0.0.1:9",
                                "DISCOGS_BASE_URL", "http://127.0.0.1:9",
                                "DISCOGS_TOKEN", "token",
                                "DISCOGS_USER_AGENT", "WaxWatchTest/1.0"))));
        try {
            await(Providers.deploy(node, node.openDatabase()));
        } finally {
            await(node.close());
        }
    }

    private long openSecrets() {
        return ReferenceTables.count(
                address, "SELECT count(*) FROM external_account_links l WHERE l::text ~ '(plain|refresh)-'");
    }
}
