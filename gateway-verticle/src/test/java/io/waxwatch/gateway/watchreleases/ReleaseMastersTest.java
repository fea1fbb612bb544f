package io.waxwatch.gateway.watchreleases;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterTold;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import io.waxwatch.gateway.testing.TestGateway.User;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients offer "master release" without knowing the master: Discogs does. */
class ReleaseMastersTest {

    private static final String ALL = "/api/watch-releases";

    private static TestGateway gateway;
    private static final List<ReleaseMasterAsked> asked = new CopyOnWriteArrayList<>();
    private static volatile Function<ReleaseMasterAsked, Future<ReleaseMasterTold>> discogs;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
        TestNode.await(gateway.node().bus().serve(Topics.DISCOGS_RELEASE_MASTER, question -> {
            asked.add(question);
            return discogs.apply(question);
        }));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void knowsItsMaster() {
        asked.clear();
        discogs = question -> Future.succeededFuture(new ReleaseMasterTold(700L));
    }

    private static JsonObject release() {
        return new JsonObject().put("discogs_release_id", 7).put("title", "Tago Mago");
    }

    private static JsonObject master() {
        return new JsonObject().put("match_mode", "master_release");
    }

    @Test
    void a_new_watch_of_a_master_asks_for_the_one_that_is_not_named() {
        User ann = gateway.user();
        Reply created = ann.post(ALL, release().mergeIn(master()));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().getLong("discogs_master_id")).isEqualTo(700);
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).releaseId()).isEqualTo(7);
        assertThat(asked.get(0).userId()).isEqualTo(ann.id);

        assertThat(gateway.user()
                        .post(ALL, release().mergeIn(master()).put("discogs_master_id", 5))
                        .json()
                        .getLong("discogs_master_id"))
                .as("what is named is not asked for")
                .isEqualTo(5);
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_change_to_the_master_keeps_the_rest_of_its_form() {
        User ann = gateway.user();
        String path = ALL + "/" + ann.post(ALL, release()).id();
        Reply changed = ann.patch(
                path,
                master().putNull("discogs_master_id").put("target_price", 20).put("min_condition", "VG+"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().getLong("discogs_master_id")).isEqualTo(700);
        assertThat(changed.json().getString("match_mode")).isEqualTo("master_release");
        assertThat(changed.json().getDouble("target_price")).isEqualTo(20);

        assertThat(ann.patch(path, master().put("target_price", 15)).status()).isEqualTo(200);
        assertThat(asked).as("it is known by now").hasSize(1);
    }

    @Test
    void a_release_without_a_master_is_refused_with_the_way_out() {
        discogs = question -> Future.succeededFuture(new ReleaseMasterTold(null));
        User ann = gateway.user();
        Reply refused = ann.post(ALL, release().mergeIn(master()));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo(
                        "discogs_master_id is required for master_release mode: Discogs knows no master of release 7;"
                                + " watch the release itself (exact_release)");
        String path = ALL + "/" + ann.post(ALL, release()).id();
        assertThat(ann.patch(path, master()).status()).isEqualTo(422);
        assertThat(ann.get(path).json().getString("match_mode")).isEqualTo("exact_release");
    }

    @Test
    void a_release_that_nobody_knows_is_refused() {
        discogs = question -> Future.failedFuture(
                new Failure(FailureKind.CALLER, "Discogs knows no release " + question.releaseId()));
        Reply refused = gateway.user().post(ALL, release().mergeIn(master()));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("discogs_master_id is required for master_release mode: Discogs knows no release 7");
    }

    @Test
    void while_discogs_is_away_nothing_is_stored_and_the_caller_may_try_again() {
        discogs = question -> Future.failedFuture(new Failure(FailureKind.TIMEOUT, "Discogs did not answer in time"));
        User ann = gateway.user();
        Reply refused = ann.post(ALL, release().mergeIn(master()));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotNull();
        assertThat(refused.message())
                .isEqualTo("the master of this release could not be looked up: Discogs did not answer in time;"
                        + " name discogs_master_id, or try again shortly");
        assertThat(ann.get(ALL).list()).isEmpty();
    }

    @Test
    void the_watch_of_another_asks_nobody() {
        User ann = gateway.user();
        String path = ALL + "/" + ann.post(ALL, release()).id();
        assertThat(gateway.user().patch(path, master()).status()).isEqualTo(404);
        assertThat(asked).isEmpty();
    }
}
