package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.TestGateway.Reply;
import io.waxwatch.gateway.TestGateway.User;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void lists_events_with_their_payload() {
        User ann = gateway.user();
        ann.get("/api/events");
        gateway.event(
                ann.id, new JsonObject().put("listing_title", "Spiral Scratch").put("price", 12.5));
        JsonObject event = ann.get("/api/events?limit=1").list().getJsonObject(0);
        assertThat(event.getMap().keySet())
                .containsExactly(
                        "id", "user_id", "type", "watch_release_id", "rule_id", "listing_id", "payload", "created_at");
        assertThat(event.getJsonObject("payload").getDouble("price")).isEqualTo(12.5);
        assertThat(gateway.user().get("/api/events").list()).isEmpty();
    }

    @Test
    void counts_and_marks_what_is_unread() {
        User ann = gateway.user();
        ann.get("/api/events");
        gateway.event(ann.id, new JsonObject());
        assertThat(ann.get("/api/notifications/unread-count").json())
                .isEqualTo(new JsonObject().put("unread_count", 2));
        JsonArray inbox = ann.get("/api/notifications").list();
        assertThat(inbox).hasSize(2);
        String path = "/api/notifications/" + inbox.getJsonObject(0).getString("id") + "/read";

        Reply read = ann.post(path, null);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json().getBoolean("is_read")).isTrue();
        assertThat(ann.post(path, null).json()).isEqualTo(read.json());
        assertThat(ann.get("/api/notifications/unread-count").json().getInteger("unread_count"))
                .isEqualTo(1);

        assertThat(gateway.user().post(path, null).message()).isEqualTo("notification not found");
        assertThat(ann.post("/api/notifications/" + UUID.randomUUID() + "/read", null)
                        .status())
                .isEqualTo(404);
        assertThat(ann.post("/api/notifications/x/read", null).status()).isEqualTo(422);
    }
}
