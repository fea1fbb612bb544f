package io.waxwatch.provider.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.BusMessage.SearchAsked;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.provider.polls.RunningProvider;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Collectors' searches as they are served: asked over the bus, answered by the marketplaces. */
class SearchServingTest {

    private static final Duration WAIT = Duration.ofSeconds(20);

    private RunningProvider provider;
    private UUID user;

    @BeforeEach
    void start() {
        // Faults are eBay's here; a busy machine must not look like one of Discogs'.
        provider = RunningProvider.start(Map.of("DISCOGS_TIMEOUT_SECONDS", "10"));
        user = provider.node.user("collector@example.com");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Future<SearchAnswered> asking(String marketplace, UUID onBehalf, String words) {
        return provider.node
                .node()
                .bus()
                .ask(Topics.search(marketplace, WAIT), new SearchAsked(onBehalf, words, "request-1"));
    }

    private SearchAnswered ask(String marketplace, String words) {
        return TestNode.await(asking(marketplace, user, words));
    }

    private Failure failureOf(Future<?> asked) {
        return (Failure) catchThrowable(() -> TestNode.await(asked));
    }

    private void calls(String marketplace, UUID ofUser, long expected) {
        TestNode.eventually(
                "calls are logged",
                30_000,
                () -> provider.count(
                                "SELECT count(*) FROM provider_requests WHERE user_id = $1 AND provider = $2::text::provider_enum",
                                ofUser,
                                marketplace)
                        == expected);
    }

    @Test
    void ebay_answers_what_is_for_sale_at_a_fixed_price_and_stores_nothing() {
        String itemId = provider.list(new JsonObject()
                .put("title", "Marlow Quartet - Blue Harbour LP 1963 VG+ Vinyl")
                .put("price", "31.50")
                .put("seller", "lp.hunter"));
        provider.list("Something Else Entirely LP", "12.00");
        provider.list(new JsonObject()
                .put("title", "Blue Harbour by auction")
                .put("buyingOptions", new JsonArray().add("AUCTION")));

        SearchAnswered answered = ask("ebay", "Blue HARBOUR");

        assertThat(answered.more()).isFalse();
        assertThat(answered.hits()).hasSize(1);
        SearchHit hit = answered.hits().get(0);
        assertThat(hit.externalId()).isEqualTo(itemId);
        assertThat(hit.title()).isEqualTo("Marlow Quartet - Blue Harbour LP 1963 VG+ Vinyl");
        assertThat(hit.price()).isEqualByComparingTo("31.50");
        assertThat(hit.currency()).isEqualTo("USD");
        assertThat(hit.seller()).isEqualTo("lp.hunter");
        assertThat(hit.url()).startsWith("http");
        assertThat(provider.count("SELECT count(*) FROM listings")).isZero();
        // The token and the search.
        calls("ebay", user, 2);
    }

    @Test
    void ebay_says_when_it_has_more_than_was_read() {
        provider.list(201, "Blue Harbour copy");

        SearchAnswered answered = ask("ebay", "blue harbour");

        assertThat(answered.hits()).hasSize(200);
        assertThat(answered.more()).isTrue();
    }

    @Test
    void discogs_answers_catalogue_entries_which_have_no_price() {
        SearchAnswered answered = ask("discogs", "blue harbour");

        assertThat(answered.hits()).isNotEmpty().allSatisfy(hit -> {
            assertThat(hit.price()).isNull();
            assertThat(hit.currency()).isNull();
            assertThat(hit.seller()).isNull();
            assertThat(hit.title()).contains("Blue Harbour");
            assertThat(hit.url()).endsWith("/release/" + hit.discogsReleaseId());
        });
        assertThat(answered.hits()).extracting(SearchHit::discogsReleaseId).contains(SandboxCatalog.BLUE_HARBOUR);
        calls("discogs", user, 1);
    }

    @Test
    void without_words_ebay_shows_its_category_and_discogs_says_that_it_needs_some() {
        provider.list("Blue Harbour LP", "12.00");

        assertThat(ask("ebay", " ").hits()).hasSize(1);

        Failure refused = failureOf(asking("discogs", user, " - "));
        assertThat(refused.kind()).isEqualTo(FailureKind.CALLER);
        assertThat(refused).hasMessage("Discogs can only be searched with at least one keyword");
    }

    @ParameterizedTest
    @CsvSource({
        "status, UNAVAILABLE, eBay error 500",
        "rate-limit, UNAVAILABLE, eBay error 429",
        "silent, UNAVAILABLE, eBay network error: timeout",
        "half-body, UNAVAILABLE, eBay network error: connection failed",
        "garble, UNAVAILABLE, eBay response has an unexpected shape"
    })
    void a_marketplace_that_fails_is_never_an_empty_answer(String mode, FailureKind kind, String text) {
        provider.fault(new JsonObject().put("mode", mode).put("pathPrefix", "/buy/"));

        Failure failure = failureOf(asking("ebay", user, "blue harbour"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessage(text);
        calls("ebay", user, 2);
        assertThat(provider.count(
                        "SELECT count(*) FROM provider_requests WHERE user_id = $1 AND error IS NOT NULL", user))
                .isEqualTo(1);
    }

    @Test
    void a_marketplace_slower_than_the_deadline_is_given_up() {
        provider.close();
        provider = RunningProvider.start(Map.of("SEARCH_PROVIDER_TIMEOUT_SECONDS", "1", "EBAY_TIMEOUT_SECONDS", "10"));
        user = provider.node.user("collector@example.com");
        provider.fault(new JsonObject().put("mode", "silent").put("pathPrefix", "/buy/"));

        Failure failure = failureOf(asking("ebay", user, "blue harbour"));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure).hasMessage("eBay did not answer in time");
    }

    @Test
    void too_many_at_once_are_refused_and_polls_go_on() {
        provider.close();
        provider = RunningProvider.start(Map.of("EBAY_TIMEOUT_SECONDS", "10"));
        user = provider.node.user("collector@example.com");
        provider.fault(new JsonObject()
                .put("mode", "slow")
                .put("delayMs", 700)
                .put("times", ProviderSearchService.MAX_IN_FLIGHT)
                .put("pathPrefix", "/buy/"));
        List<Future<SearchAnswered>> asked = new ArrayList<>();
        for (int i = 0; i < ProviderSearchService.MAX_IN_FLIGHT; i++) {
            asked.add(asking("ebay", user, "blue harbour " + i));
        }

        Failure refused = failureOf(asking("ebay", user, "one too many"));

        assertThat(refused.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(refused).hasMessage("eBay is busy with other searches, please retry shortly");
        assertThat(provider.sweep()).isEqualTo("success");
        asked.forEach(TestNode::await);
        assertThat(ask("ebay", "there is room again").hits()).isEmpty();
    }

    @Test
    void the_calls_of_somebody_without_a_row_are_the_systems() {
        TestNode.await(asking("discogs", UUID.randomUUID(), "blue harbour"));

        calls("discogs", UUID.fromString("00000000-0000-0000-0000-000000000001"), 1);
    }

    @Test
    void a_marketplace_without_credentials_serves_no_searches() {
        provider.close();
        provider = RunningProvider.start(Map.of("DISCOGS_TOKEN", ""));

        assertThat(failureOf(asking("discogs", user, "blue harbour")).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(ask("ebay", "blue harbour").hits()).isEmpty();
    }
}
