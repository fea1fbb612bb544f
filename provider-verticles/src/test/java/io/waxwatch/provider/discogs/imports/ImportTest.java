package io.waxwatch.provider.discogs.imports;

import static io.waxwatch.common.testing.TestNode.await;
import static io.waxwatch.common.testing.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.waxwatch.common.bus.BusMessage.DiscogsConnect;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnect;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsImportStarted;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.polls.PollKey;
import io.waxwatch.provider.polls.RunningProvider;
import io.waxwatch.provider.tokens.KmsStandIn;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sandbox's collector wants 230 records on three pages and has 61 copies of 60; 30 are on both lists. */
@Tag("postgresql")
class ImportTest {

    private static final int WANTED = 230;
    private static final int ROWS_OWNED = 61;
    private static final int OWNED = 60;
    private static final int ALL = 260;
    private static final long SLOW_MILLIS = 30_000;

    private RunningProvider provider;
    private UUID ann;

    @BeforeEach
    void start() {
        provider = RunningProvider.prepare(0, Map.of());
        ann = provider.node.user("ann@example.com");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private void connect(Node node, UUID user) {
        await(node.bus()
                .ask(
                        Topics.DISCOGS_LINK_CONNECT,
                        new DiscogsConnect(user, "sandbox-collector", "sandbox-token", null)));
    }

    private DiscogsImportStarted begin(Node node, UUID user, String source) {
        return await(node.bus().ask(Topics.DISCOGS_IMPORT_START, new DiscogsImport(user, source)));
    }

    private Row job(UUID id) {
        return provider.row(
                "SELECT status, cursor, page, processed_count, imported_count, created_count, updated_count, error_count,"
                        + " errors::text, completed_at FROM import_jobs WHERE id = $1",
                id);
    }

    private void ended(UUID id, String status) {
        ended(id, status, SLOW_MILLIS);
    }

    private void ended(UUID id, String status, long limitMillis) {
        eventually(
                "import " + status,
                limitMillis,
                () -> job(id).getString(0).equals(status) && job(id).getValue(9) != null);
    }

    private static int[] counts(Row job) {
        return Stream.of(3, 4, 5, 6, 7).mapToInt(job::getInteger).toArray();
    }

    private long releases(String condition) {
        return provider.count("SELECT count(*) FROM watch_releases WHERE " + condition);
    }

    private double counted(String outcome) {
        var counter = provider.node
                .node()
                .metrics()
                .registry()
                .find("waxwatch_discogs_import_jobs_total")
                .tag("outcome", outcome)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private long events(String type) {
        return provider.count("SELECT count(*) FROM events WHERE type = $1::event_type_enum", type);
    }

    @Test
    void a_record_that_cannot_be_stored_costs_the_import_nothing_but_itself() {
        provider.execute("ALTER TABLE watch_releases ADD CONSTRAINT no CHECK (title <> 'Blue Harbour')");
        provider.deploy();
        connect(provider.node.node(), ann);

        DiscogsImportStarted started = begin(provider.node.node(), ann, "wantlist");
        ended(started.jobId(), "completed");

        long bad =
                provider.count("SELECT count(*) FROM quarantined_rows WHERE source = 'import' AND user_id = $1", ann);
        assertThat(bad).isPositive();
        assertThat(releases("imported_from_wantlist")).isEqualTo(WANTED - bad);
        assertThat(counts(job(started.jobId()))).containsExactly(WANTED, WANTED - (int) bad, WANTED - (int) bad, 0, 0);
        assertThat(provider.count("SELECT count(*) FROM poll_releases")).isEqualTo(WANTED - bad);
        assertThat(events("IMPORT_COMPLETED")).isEqualTo(1);
    }

    @Test
    void while_the_key_is_unusable_an_import_waits_says_why_and_goes_on_when_it_is_back() {
        try (KmsStandIn kms = KmsStandIn.start();
                var sealed = provider.another(kms.settings())) {
            sealed.deploy();
            connect(sealed.node(), ann);
            assertThat(provider.row("SELECT access_token FROM external_account_links WHERE user_id = $1", ann)
                            .getString(0))
                    .startsWith("enc:v3:");
            kms.be(KmsStandIn.Mood.DISABLED);

            DiscogsImportStarted started = begin(sealed.node(), ann, "wantlist");
            eventually("the import waits", SLOW_MILLIS, () -> waitingReason(started.jobId()) != null);

            assertThat(waitingReason(started.jobId())).startsWith("the stored Discogs token has to wait: the key");
            assertThat(job(started.jobId()).getString(0)).isEqualTo("running");
            Failure refused =
                    (Failure) catchThrowable(() -> connect(sealed.node(), provider.node.user("ben@example.com")));
            assertThat(refused.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(refused)
                    .hasMessage(
                            "Discogs account linking has to wait: the key that seals tokens is disabled or missing");

            kms.be(KmsStandIn.Mood.WELL);
            provider.execute("UPDATE import_jobs SET due_at = now()");
            ended(started.jobId(), "completed");
            assertThat(waitingReason(started.jobId())).isNull();
            assertThat(provider.row("SELECT attempts FROM import_jobs WHERE id = $1", started.jobId())
                            .getInteger(0))
                    .isZero();
        }
    }

    private String waitingReason(UUID id) {
        return provider.row("SELECT waiting_reason FROM import_jobs WHERE id = $1", id)
                .getString(0);
    }

    @Test
    void both_lists_become_watch_releases_that_are_polled_and_matched() {
        provider.deploy();
        connect(provider.node.node(), ann);

        DiscogsImportStarted started = begin(provider.node.node(), ann, "both");
        assertThat(started.created()).isTrue();
        ended(started.jobId(), "completed");

        Row job = job(started.jobId());
        assertThat(job.getString(1)).isEqualTo("collection:1/1");
        assertThat(counts(job)).containsExactly(WANTED + ROWS_OWNED, WANTED + OWNED, ALL, 30, 0);
        assertThat(releases("match_mode = 'exact_release' AND is_active AND currency = 'USD'"))
                .isEqualTo(ALL);
        assertThat(releases("imported_from_wantlist")).isEqualTo(WANTED);
        assertThat(releases("imported_from_collection")).isEqualTo(OWNED);
        assertThat(releases("title = 'Blue Harbour' AND artist = 'Marlow Quartet' AND discogs_master_id IS NOT NULL"))
                .isPositive();
        assertThat(provider.count("SELECT count(*) FROM poll_releases")).isEqualTo(ALL);
        assertThat(provider.count("SELECT count(DISTINCT subject_id) FROM watch_changes WHERE kind = 'release'"))
                .isEqualTo(ALL);
        assertThat(events("IMPORT_STARTED")).isEqualTo(1);
        assertThat(events("IMPORT_COMPLETED")).isEqualTo(1);
        assertThat(provider.row("SELECT payload FROM events WHERE type = 'IMPORT_COMPLETED'")
                        .getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("job_id", started.jobId().toString())
                        .put("source", "both")
                        .put("processed_count", WANTED + ROWS_OWNED)
                        .put("imported_count", WANTED + OWNED));
        assertThat(events("WATCH_RELEASE_CREATED")).isZero();
        provider.firstLooksDone();

        var poll = provider.claimAll(Provider.DISCOGS).get(0);
        long release = ((PollKey.Release) PollKey.parse("discogs", "release", poll.key())).id();
        provider.setFloor(release, 2, "12.50");
        provider.execute("UPDATE watch_releases SET target_price = 20 WHERE discogs_release_id = $1", release);
        assertThat(provider.ask(poll)).isEqualTo("success");
        assertThat(events("NEW_MATCH")).as("the floor of an imported release").isEqualTo(1);
    }

    @Test
    void a_second_import_changes_nothing_and_what_the_collector_decided_stays() {
        provider.deploy();
        connect(provider.node.node(), ann);
        provider.execute("""
                INSERT INTO watch_releases (id, user_id, discogs_release_id, match_mode, title, currency, target_price, is_active,
                    imported_from_wantlist, imported_from_collection, created_at, updated_at)
                VALUES (gen_random_uuid(), $1, 900000001, 'exact_release', 'My own title', 'EUR', 9, false, false, false, now(), now())
                """, ann);
        provider.execute("""
                INSERT INTO watch_releases (id, user_id, discogs_release_id, discogs_master_id, match_mode, title, currency, is_active,
                    imported_from_wantlist, imported_from_collection, created_at, updated_at)
                VALUES (gen_random_uuid(), $1, 900000002, 77, 'master_release', 'Any pressing', 'USD', true, false, false, now(), now())
                """, ann);
        ended(begin(provider.node.node(), ann, "wantlist").jobId(), "completed");

        assertThat(releases("true")).isEqualTo(WANTED);
        assertThat(releases("title = 'My own title' AND currency = 'EUR' AND target_price = 9 AND NOT is_active"
                        + " AND imported_from_wantlist AND artist IS NOT NULL"))
                .isEqualTo(1);
        assertThat(releases("title = 'Any pressing' AND match_mode = 'master_release' AND discogs_master_id = 77"
                        + " AND imported_from_wantlist"))
                .isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM poll_releases")).isEqualTo(WANTED - 2);
        long revision = provider.count("SELECT revision FROM watch_revision");

        UUID again = begin(provider.node.node(), ann, "wantlist").jobId();
        ended(again, "completed");

        assertThat(counts(job(again))).containsExactly(WANTED, WANTED, 0, WANTED, 0);
        assertThat(releases("true")).isEqualTo(WANTED);
        assertThat(provider.count("SELECT revision FROM watch_revision")).isEqualTo(revision);
    }

    @Test
    void users_do_not_share_what_they_import() {
        provider.deploy();
        UUID ben = provider.node.user("ben@example.com");
        connect(provider.node.node(), ann);
        connect(provider.node.node(), ben);
        UUID first = begin(provider.node.node(), ann, "collection").jobId();
        UUID second = begin(provider.node.node(), ben, "collection").jobId();
        assertThat(first).isNotEqualTo(second);
        ended(first, "completed");
        ended(second, "completed");
        assertThat(provider.count("SELECT count(*) FROM watch_releases WHERE user_id = $1", ann))
                .isEqualTo(OWNED);
        assertThat(provider.count("SELECT count(*) FROM watch_releases WHERE user_id = $1", ben))
                .isEqualTo(OWNED);
        assertThat(provider.count("SELECT count(*) FROM polls WHERE kind = 'release'"))
                .as("one poll serves both")
                .isEqualTo(OWNED);
    }

    @Test
    void an_import_in_flight_is_answered_instead_of_a_second_one() {
        provider.deploy();
        connect(provider.node.node(), ann);
        slowPages(400);
        UUID running = begin(provider.node.node(), ann, "both").jobId();

        for (String covered : new String[] {"both", "wantlist", "collection"}) {
            DiscogsImportStarted again = begin(provider.node.node(), ann, covered);
            assertThat(again.created()).isFalse();
            assertThat(again.jobId()).isEqualTo(running);
        }
        provider.noFault();
        ended(running, "completed");
        assertThat(provider.count("SELECT count(*) FROM import_jobs")).isEqualTo(1);
        assertThat(begin(provider.node.node(), ann, "wantlist").created()).isTrue();
    }

    @Test
    void two_who_ask_at_once_get_one_job() {
        provider.deploy();
        connect(provider.node.node(), ann);
        slowPages(400);
        var asked = Stream.generate(() ->
                        provider.node.node().bus().ask(Topics.DISCOGS_IMPORT_START, new DiscogsImport(ann, "both")))
                .limit(8)
                .toList();
        var answers =
                asked.stream().map(io.waxwatch.common.testing.TestNode::await).toList();
        assertThat(answers)
                .extracting(DiscogsImportStarted::jobId)
                .containsOnly(answers.get(0).jobId());
        assertThat(answers.stream().filter(DiscogsImportStarted::created)).hasSize(1);
        assertThat(events("IMPORT_STARTED")).isEqualTo(1);
    }

    @Test
    void refuses_in_the_contracts_words() {
        provider.deploy();
        assertThat(refusal("both")).startsWith("UNMET Discogs is not connected; ");
        await(provider.node
                .node()
                .bus()
                .ask(Topics.DISCOGS_LINK_CONNECT, new DiscogsConnect(ann, "sandbox-collector", null, null)));
        assertThat(refusal("both")).startsWith("UNMET Discogs OAuth callback not completed; ");
        assertThat(refusal("inventory")).startsWith("UNMET Unsupported Discogs import source; ");
        assertThat(provider.count("SELECT count(*) FROM import_jobs")).isZero();
    }

    @Test
    void who_connected_by_a_token_of_that_account_needs_no_oauth() {
        provider.close();
        provider = RunningProvider.prepare(0, Map.of("DISCOGS_OAUTH_CLIENT_ID", "", "DISCOGS_OAUTH_CLIENT_SECRET", ""));
        ann = provider.node.user("ann@example.com");
        provider.deploy();
        Node node = provider.node.node();
        connect(node, ann);
        // A form that sends the name again, as it was typed.
        await(node.bus().ask(Topics.DISCOGS_LINK_CONNECT, new DiscogsConnect(ann, " Sandbox-Collector ", null, null)));

        DiscogsImportStarted started = begin(node, ann, "wantlist");

        assertThat(started.created()).isTrue();
        ended(started.jobId(), "completed");
    }

    @Test
    void an_import_ends_where_its_owner_may_watch_no_more_and_says_so() {
        provider.close();
        provider = RunningProvider.prepare(0, Map.of("WATCH_RELEASES_MAX_PER_USER", "150"));
        ann = provider.node.user("ann@example.com");
        provider.deploy();
        connect(provider.node.node(), ann);

        UUID job = begin(provider.node.node(), ann, "wantlist").jobId();

        ended(job, "failed");
        assertThat(job(job).getString("errors"))
                .contains("an account may watch 150 releases, resting ones included; what came before is imported");
        assertThat(provider.count("SELECT count(*) FROM watch_releases")).isEqualTo(100);
    }

    private String refusal(String source) {
        Failure failure = (Failure) catchThrowable(() -> begin(provider.node.node(), ann, source));
        return failure.kind() + " " + failure.getMessage();
    }

    @ParameterizedTest
    @CsvSource({"status", "half-body", "garble", "silent", "rate-limit"})
    void a_page_that_fails_is_asked_for_again_and_counted_once(String mode) {
        provider.deploy();
        connect(provider.node.node(), ann);
        provider.fault(new JsonObject()
                .put("provider", "discogs")
                .put("mode", mode)
                .put("pathPrefix", "/users/")
                .put("retryAfter", mode.equals("rate-limit") ? 1 : 0)
                .put("times", 2));

        UUID id = begin(provider.node.node(), ann, "both").jobId();
        ended(id, "completed");

        assertThat(counts(job(id))).containsExactly(WANTED + ROWS_OWNED, WANTED + OWNED, ALL, 30, 0);
        assertThat(releases("true")).isEqualTo(ALL);
    }

    @Test
    void a_page_that_keeps_failing_fails_the_import_and_says_with_what() {
        provider.deploy();
        connect(provider.node.node(), ann);
        provider.fault(new JsonObject()
                .put("provider", "discogs")
                .put("mode", "status")
                .put("pathPrefix", "/users/"));

        UUID id = begin(provider.node.node(), ann, "both").jobId();
        // On the way the breaker opens, which is waited out: it lets a probe through after 30 s.
        ended(id, "failed", 4 * SLOW_MILLIS);

        assertThat(job(id).getString(8)).contains("Discogs import failed");
        assertThat(job(id).getInteger(7)).isEqualTo(1);
        assertThat(events("IMPORT_FAILED")).isEqualTo(1);
        assertThat(releases("true")).isZero();
        provider.noFault();
        assertThat(begin(provider.node.node(), ann, "both").created())
                .as("a failed import blocks nobody")
                .isTrue();
    }

    @Test
    void a_refused_token_fails_the_import_at_once() {
        provider.deploy();
        connect(provider.node.node(), ann);
        provider.fault(new JsonObject()
                .put("provider", "discogs")
                .put("mode", "status")
                .put("status", 401)
                .put("pathPrefix", "/users/"));
        UUID id = begin(provider.node.node(), ann, "wantlist").jobId();
        ended(id, "failed");
        assertThat(job(id).getString(8)).isEqualTo("[{\"error\": \"Discogs import failed with 401\"}]");
        assertThat(provider.row("SELECT payload FROM events WHERE type = 'IMPORT_FAILED'")
                        .getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("job_id", id.toString())
                        .put("source", "wantlist")
                        .put("error", "Discogs import failed with 401"));
    }

    @Test
    void disconnecting_ends_an_import_and_keeps_its_history() {
        provider.deploy();
        connect(provider.node.node(), ann);
        slowPages(700);
        UUID id = begin(provider.node.node(), ann, "both").jobId();
        await(provider.node.node().bus().ask(Topics.DISCOGS_LINK_DISCONNECT, new DiscogsDisconnect(ann)));
        assertThat(job(id).getString(0)).isEqualTo("failed");
        assertThat(job(id).getString(8)).contains("Discogs account was disconnected");
        assertThat(events("IMPORT_FAILED")).isEqualTo(1);
        provider.noFault();
        connect(provider.node.node(), ann);
        UUID next = begin(provider.node.node(), ann, "wantlist").jobId();
        ended(next, "completed");
        assertThat(job(id).getString(0)).as("a late page changes nothing").isEqualTo("failed");
        assertThat(counts(job(id))[0]).isZero();
    }

    @Test
    void an_import_of_somebody_who_has_left_ends_without_a_watch() {
        provider.deploy();
        connect(provider.node.node(), ann);
        slowPages(700);
        UUID id = begin(provider.node.node(), ann, "both").jobId();
        provider.execute("UPDATE users SET is_active = false WHERE id = $1", ann);

        ended(id, "failed");

        assertThat(job(id).getString(8)).contains("User account is inactive");
        assertThat(releases("true")).isZero();
        assertThat(events("IMPORT_FAILED")).isZero();
        eventually("it is counted", SLOW_MILLIS, () -> counted("failed") == 1);
        assertThat(counted("completed")).isZero();
    }

    @Test
    void an_import_whose_provider_stops_goes_on_in_another_and_every_page_counts_once() {
        UUID id;
        try (var first = provider.another()) {
            first.deploy();
            connect(first.node(), ann);
            slowPages(500);
            id = begin(first.node(), ann, "both").jobId();
            eventually("a page is done", SLOW_MILLIS, () -> job(id).getInteger(3) > 0);
        }
        assertThat(job(id).getString(0)).isEqualTo("running");
        assertThat(job(id).getInteger(3)).isLessThan(WANTED + ROWS_OWNED);
        provider.noFault();
        long before = provider.count("SELECT processed_count FROM import_jobs");

        try (var second = provider.another()) {
            second.deploy();
            ended(id, "completed");
        }

        assertThat(before).isPositive();
        finishedExactlyOnce(id);
    }

    /** As after a kill: nobody gives the job back, and the first owner may even still be writing. */
    @Test
    void a_lease_that_ends_lets_another_go_on_and_the_late_owner_changes_nothing() {
        try (var first = provider.another();
                var second = provider.another()) {
            first.deploy();
            connect(first.node(), ann);
            slowPages(1_500);
            UUID id = begin(first.node(), ann, "both").jobId();
            eventually("claimed", SLOW_MILLIS, () -> provider.count("SELECT fence FROM import_jobs") > 0);
            provider.execute("UPDATE import_jobs SET due_at = now()");
            second.deploy();
            eventually("claimed again", SLOW_MILLIS, () -> provider.count("SELECT fence FROM import_jobs") > 1);
            provider.noFault();
            ended(id, "completed");
            finishedExactlyOnce(id);
        }
    }

    private void finishedExactlyOnce(UUID id) {
        assertThat(counts(job(id))).containsExactly(WANTED + ROWS_OWNED, WANTED + OWNED, ALL, 30, 0);
        assertThat(releases("true")).isEqualTo(ALL);
        assertThat(events("IMPORT_STARTED")).isEqualTo(1);
        assertThat(events("IMPORT_COMPLETED")).isEqualTo(1);
        assertThat(provider.count("SELECT count(*) FROM poll_releases")).isEqualTo(ALL);
    }

    /** Within the client's deadline. */
    private void slowPages(int delayMillis) {
        provider.fault(new JsonObject()
                .put("provider", "discogs")
                .put("mode", "slow")
                .put("delayMs", Math.min(delayMillis, 800))
                .put("pathPrefix", "/users/"));
    }
}
