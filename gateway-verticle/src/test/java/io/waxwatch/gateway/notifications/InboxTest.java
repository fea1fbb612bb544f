package io.waxwatch.gateway.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
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
    void says_what_became_of_the_mail_about_the_same_event() {
        User ann = gateway.user();
        ann.get("/api/events");
        gateway.event(ann.id, new JsonObject());
        JsonObject waiting = ann.get("/api/notifications").list().getJsonObject(0);
        assertThat(waiting.getString("channel")).isEqualTo("realtime");
        assertThat(waiting.getString("email_status")).isEqualTo("pending");
        assertThat(waiting.getValue("email_failure")).isNull();

        gateway.sql(
                "UPDATE notifications SET status = 'failed', failed_at = now(), failure = '550 5.1.1 no such user'"
                        + " WHERE channel = 'email' AND user_id = $1",
                ann.id);
        JsonObject failed = ann.get("/api/notifications").list().getJsonObject(0);
        assertThat(failed.getString("email_status")).isEqualTo("failed");
        assertThat(failed.getString("email_failure")).isEqualTo("550 5.1.1 no such user");
        assertThat(ann.post("/api/notifications/" + failed.getString("id") + "/read", null)
                        .json()
                        .getString("email_failure"))
                .isEqualTo("550 5.1.1 no such user");

        gateway.sql("DELETE FROM notifications WHERE channel = 'email' AND user_id = $1", ann.id);
        assertThat(ann.get("/api/notifications").list().getJsonObject(0).getValue("email_status"))
                .isNull();
    }

    @Test
    void marks_everything_of_the_caller_read_and_tells_how_much_that_was() {
        User ann = gateway.user();
        User bob = gateway.user();
        for (User user : List.of(ann, bob)) {
            user.get("/api/events");
            gateway.event(user.id, new JsonObject());
            gateway.event(user.id, new JsonObject());
        }
        Reply read = ann.post("/api/notifications/read-all", null);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(new JsonObject().put("read_count", 2));
        assertThat(ann.post("/api/notifications/read-all", null).json())
                .isEqualTo(new JsonObject().put("read_count", 0));
        assertThat(ann.get("/api/notifications/unread-count").json().getInteger("unread_count"))
                .isZero();
        assertThat(ann.get("/api/notifications").list().getJsonObject(0).getString("read_at"))
                .isNotNull();
        assertThat(bob.get("/api/notifications/unread-count").json().getInteger("unread_count"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/events", "/api/notifications", "/api/watch-rules", "/api/watch-releases"})
    void every_list_leads_through_all_of_it_by_its_links(String list) {
        User ann = gateway.user();
        for (int i = 1; i <= 3; i++) {
            ann.post("/api/watch-rules", new JsonObject().put("name", "rule " + i));
            ann.post(
                    "/api/watch-releases",
                    new JsonObject().put("discogs_release_id", i).put("title", "release " + i));
        }
        JsonArray all = ann.get(list).list();
        assertThat(all.size()).isGreaterThanOrEqualTo(3);
        assertThat(ann.get(list).header("link")).isNull();

        var seen = new JsonArray();
        String path = list + "?limit=2&x=%3E%22%0d&offset=0";
        for (int pages = 0; path != null; pages++) {
            assertThat(pages).isLessThan(10);
            Reply page = ann.get(path);
            page.list().forEach(seen::add);
            String link = page.header("link");
            path = link == null ? null : link.replaceFirst("^<(.*)>; rel=\"next\"$", "$1");
            if (path != null) {
                assertThat(path)
                        .startsWith(list + "?limit=2&x=%3E%22%0D&cursor=")
                        .doesNotContain("offset");
            }
        }
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void shows_the_mail_where_the_stream_is_off_and_takes_the_id_of_either() {
        User ann = gateway.user();
        ann.get("/api/events");
        gateway.event(ann.id, new JsonObject());
        UUID mail = gateway.sql("SELECT id FROM notifications WHERE channel = 'email' AND user_id = $1", ann.id)
                .iterator()
                .next()
                .getUUID(0);
        assertThat(ann.post("/api/notifications/" + mail + "/read", null).json().getString("channel"))
                .isEqualTo("email");
        assertThat(ann.get("/api/notifications").list().getJsonObject(0).getBoolean("is_read"))
                .isTrue();

        var streamOff = new JsonObject().put("notifications_push", false);
        ann.patch("/api/me", new JsonObject().put("preferences", streamOff));
        gateway.event(ann.id, new JsonObject());
        JsonArray inbox = ann.get("/api/notifications").list();
        assertThat(inbox).hasSize(2);
        assertThat(inbox.getJsonObject(0).getString("channel")).isEqualTo("email");
        assertThat(ann.get("/api/notifications/unread-count").json().getInteger("unread_count"))
                .isEqualTo(1);
        assertThat(ann.post("/api/notifications/read-all", null).json().getInteger("read_count"))
                .isEqualTo(1);
    }

    @Test
    void counts_and_marks_what_is_unread() {
        User ann = gateway.user();
        ann.get("/api/events");
        gateway.event(ann.id, new JsonObject());
        assertThat(ann.get("/api/notifications/unread-count").json())
                .isEqualTo(new JsonObject().put("unread_count", 1));
        JsonArray inbox = ann.get("/api/notifications").list();
        assertThat(inbox).hasSize(1);
        assertThat(inbox.getJsonObject(0).getString("channel")).isEqualTo("realtime");
        String path = "/api/notifications/" + inbox.getJsonObject(0).getString("id") + "/read";

        Reply read = ann.post(path, null);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json().getBoolean("is_read")).isTrue();
        assertThat(ann.post(path, null).json()).isEqualTo(read.json());
        assertThat(ann.get("/api/notifications/unread-count").json().getInteger("unread_count"))
                .isZero();
        assertThat(gateway.count("SELECT count(*) FROM notifications WHERE NOT is_read AND user_id = $1", ann.id))
                .isZero();

        assertThat(gateway.user().post(path, null).message()).isEqualTo("notification not found");
        assertThat(ann.post("/api/notifications/" + UUID.randomUUID() + "/read", null)
                        .status())
                .isEqualTo(404);
        assertThat(ann.post("/api/notifications/x/read", null).status()).isEqualTo(422);
    }
}
