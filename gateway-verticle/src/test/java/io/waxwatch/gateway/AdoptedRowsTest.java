package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.settings.DatabaseAddress;
import io.waxwatch.common.testing.ReferenceTables;
import io.waxwatch.common.testing.TestDatabase;
import io.waxwatch.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Owners of rows that only an adopted database has, in every JSON column and every column of free text. */
final class AdoptedRowsTest {

    @Test
    void whatever_stands_there_every_list_is_answered() {
        DatabaseAddress address = TestDatabase.empty();
        ReferenceTables.create(address);
        ReferenceTables.fill(address);
        new Migrations(address).adopt();
        new Migrations(address).migrate();
        try (var gateway = TestGateway.on(
                address, Map.of("DATABASE_CONNECT_TIMEOUT_SECONDS", "20", "DATABASE_ACQUIRE_TIMEOUT_SECONDS", "20"))) {
            for (int n = 0; n < ReferenceTables.users(); n++) {
                UUID id = ReferenceTables.user(n);
                var user = gateway.user(id);
                for (String path : List.of(
                        "/api/me",
                        "/api/watch-rules",
                        "/api/watch-rules/" + id,
                        "/api/watch-rules/" + id + "/matches",
                        "/api/watch-rules/" + id + "/explain?listing_id=" + id,
                        "/api/watch-releases",
                        "/api/watch-releases/" + id,
                        "/api/listings/" + id,
                        "/api/events",
                        "/api/notifications",
                        "/api/provider-requests",
                        "/api/integrations/discogs/status",
                        "/api/integrations/discogs/import/" + id)) {
                    assertThat(user.get(path).status())
                            .as("user %d, %s", n, path)
                            .isLessThan(500);
                }
            }
        }
    }
}
