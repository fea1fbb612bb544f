package io.waxwatch.provider.polls;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.polls.PollKind;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many calls a sweep and a query cost. A page has 200 listings. */
class SweepTest {

    private RunningProvider provider;

    @BeforeEach
    void start() {
        provider = RunningProvider.start(500, Map.of("EBAY_SWEEP_MAX_PAGES", "4"));
        // Half of what the sandbox lists is on other sites; these are what EBAY_US has.
        provider.forgetRequests();
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private long stored() {
        return provider.count("SELECT count(*) FROM listings");
    }

    @Test
    void reads_on_while_all_is_new_and_one_page_when_it_meets_what_is_known() {
        provider.sweep();
        long first = stored();
        assertThat(provider.searches())
                .isEqualTo((int) Math.ceil(first / 200.0))
                .isGreaterThan(1);

        provider.forgetRequests();
        provider.list(3, "brand new");
        provider.sweep();

        assertThat(provider.searches()).isEqualTo(1);
        assertThat(stored()).isEqualTo(first + 3);

        provider.forgetRequests();
        provider.list(250, "many more");
        provider.sweep();

        assertThat(provider.searches()).isEqualTo(2);
        assertThat(stored()).isEqualTo(first + 253);
    }

    @Test
    void never_reads_more_pages_than_it_may() {
        provider.list(700, "flood");

        provider.sweep();

        assertThat(provider.searches()).isEqualTo(4);
        assertThat(stored()).isEqualTo(800);
    }

    @Test
    void a_listing_that_a_query_brought_first_does_not_hide_what_is_below_it() {
        provider.sweep();
        long first = stored();
        UUID user = provider.node.user("collector@example.com");
        provider.rule(user, "rare", new JsonObject().put("q", "zanzibar"));
        provider.list(230, "below");
        provider.list("Zanzibar Nights", "20.00");
        provider.list(20, "above");
        provider.query();
        assertThat(stored()).isEqualTo(first + 1);

        provider.sweep();

        assertThat(stored()).isEqualTo(first + 251);
    }

    @Test
    void rules_with_the_same_canonical_query_cost_one_call() {
        for (int i = 0; i < 12; i++) {
            UUID user = provider.node.user("collector" + i + "@example.com");
            provider.rule(
                    user,
                    "the same",
                    i % 2 == 0
                            ? new JsonObject().put("q", "Harbour BLUE -live").put("max_price", 10 + i)
                            : new JsonObject().put("keywords", new JsonArray().add("blue harbour")));
        }
        provider.firstLooksDone();
        provider.list("Marlow Quartet - Blue Harbour", "5.00");
        provider.forgetRequests();

        var claimed = provider.claimAll(Provider.EBAY).stream()
                .filter(poll -> poll.kind() == PollKind.QUERY)
                .toList();
        assertThat(claimed).hasSize(1);
        provider.ask(claimed.get(0));

        assertThat(provider.searches()).isEqualTo(1);
        assertThat(provider.count(
                        "SELECT count(*) FROM events e JOIN listings l ON l.id = e.listing_id WHERE l.price = 5.00"))
                .isEqualTo(12);
    }
}
