package io.waxwatch.provider.discogs.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterAsked;
import io.waxwatch.common.bus.BusMessage.ReleaseMasterTold;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.provider.polls.RunningProvider;
import io.waxwatch.sandbox.catalog.Pressing;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which master a release belongs to, as it is asked over the bus. */
class ReleaseServingTest {

    private RunningProvider provider;
    private UUID user;

    private void start(Map<String, String> more) {
        var settings = new java.util.HashMap<String, String>();
        settings.put("DISCOGS_TIMEOUT_SECONDS", "10");
        settings.putAll(more);
        provider = RunningProvider.start(settings);
        user = provider.node.user("collector@example.com");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Future<ReleaseMasterTold> asking(long releaseId) {
        return provider.node
                .node()
                .bus()
                .ask(Topics.DISCOGS_RELEASE_MASTER, new ReleaseMasterAsked(releaseId, user, "request-1"));
    }

    private Failure failureOf(long releaseId) {
        return (Failure) catchThrowable(() -> TestNode.await(asking(releaseId)));
    }

    private void calls(long expected) {
        TestNode.eventually(
                "calls are logged",
                30_000,
                () -> provider.count(
                                "SELECT count(*) FROM provider_requests WHERE user_id = $1 AND provider = 'discogs'",
                                user)
                        == expected);
    }

    private static Pressing pressing(int index) {
        return SandboxCatalog.of(1).pressings().get(index);
    }

    @Test
    void tells_the_master_with_one_call_for_all_who_ask() {
        start(Map.of());
        Pressing pressing = pressing(0);
        List<Future<ReleaseMasterTold>> asked = IntStream.range(0, 5)
                .mapToObj(i -> asking(pressing.releaseId()))
                .toList();
        asked.forEach(answer -> assertThat(TestNode.await(answer).masterId()).isEqualTo(pressing.masterId()));
        assertThat(TestNode.await(asking(pressing.releaseId())).masterId()).isEqualTo(pressing.masterId());
        calls(1);
    }

    @Test
    void says_that_a_release_is_not_there() {
        start(Map.of());
        Failure failure = failureOf(999_999_999_999L);
        assertThat(failure.kind()).isEqualTo(FailureKind.CALLER);
        assertThat(failure.getMessage()).isEqualTo("Discogs knows no release 999999999999");
    }

    @Test
    void a_failure_is_told_and_not_remembered() {
        start(Map.of());
        provider.fault(new JsonObject()
                .put("provider", "discogs")
                .put("mode", "status")
                .put("status", 503));
        Failure failure = failureOf(pressing(0).releaseId());
        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.getMessage()).isEqualTo("Discogs error 503");
        provider.noFault();
        assertThat(TestNode.await(asking(pressing(0).releaseId())).masterId())
                .isEqualTo(pressing(0).masterId());
    }
}
