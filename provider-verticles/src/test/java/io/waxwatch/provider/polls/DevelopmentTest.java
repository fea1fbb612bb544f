package io.waxwatch.provider.polls;

import static io.waxwatch.common.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What developers may ask for out of turn, and what is told about the marketplaces. */
class DevelopmentTest {

    private static JsonObject keywords(String... words) {
        return new JsonObject().put("keywords", List.of(words));
    }

    private static DevListing listing(String price) {
        return new DevListing(
                "ebay",
                "dev-1",
                "https://www.ebay.com/itm/1",
                "Neu! 75 original pressing",
                new BigDecimal(price),
                "USD",
                "VG+",
                null,
                null,
                null,
                null,
                "{\"a\":1}");
    }

    @Test
    void a_developers_listing_goes_the_way_of_every_listing() {
        try (var provider = RunningProvider.start(Map.of())) {
            UUID user = provider.node.user("ann@example.org");
            provider.rule(user, "neu", keywords("neu"));
            provider.firstLooksDone();

            DevListingTaken taken = await(provider.node.node().bus().ask(Topics.DEV_LISTING, listing("20.00")));
            assertThat(taken.created()).isTrue();
            assertThat(taken.repriced()).isTrue();
            assertThat(taken.matches()).isEqualTo(1);
            assertThat(provider.count(
                            "SELECT count(*) FROM notifications WHERE user_id = $1 AND event_type = 'NEW_MATCH'", user))
                    .isEqualTo(2);

            assertThat(await(provider.node.node().bus().ask(Topics.DEV_LISTING, listing("20.00"))))
                    .isEqualTo(new DevListingTaken(taken.listingId(), false, false, 0));
            assertThat(await(provider.node.node().bus().ask(Topics.DEV_LISTING, listing("19.00"))))
                    .isEqualTo(new DevListingTaken(taken.listingId(), false, true, 0));
            assertThat(provider.count("SELECT count(*) FROM price_snapshots WHERE listing_id = $1", taken.listingId()))
                    .isEqualTo(2);
        }
    }

    @Test
    void a_rule_runs_out_of_turn_without_touching_its_schedule() {
        try (var provider = RunningProvider.start(Map.of())) {
            UUID user = provider.node.user("ann@example.org");
            UUID rule = provider.rule(user, "faust", keywords("faust"));
            UUID discogs = provider.rule(user, "faust", keywords("faust").put("sources", List.of("discogs")));
            provider.firstLooksDone();
            provider.list(5, "Faust IV");
            var before = provider.row("SELECT max(next_due), max(fence), max(last_run_at) FROM poll_schedule");

            DevRuleRan ran = await(provider.node.node().bus().ask(Topics.DEV_RULE_RUN, new DevRuleRun(rule, 3)));
            assertThat(ran.fetched()).isEqualTo(3);
            assertThat(ran.created()).isEqualTo(3);
            assertThat(ran.repriced()).isEqualTo(3);
            assertThat(ran.matches()).isEqualTo(3);
            var after = provider.row("SELECT max(next_due), max(fence), max(last_run_at) FROM poll_schedule");
            assertThat(after.toJson()).isEqualTo(before.toJson());

            var nothing = new DevRuleRan(0, 0, 0, 0);
            for (UUID idle : List.of(discogs, UUID.randomUUID())) {
                assertThat(await(provider.node.node().bus().ask(Topics.DEV_RULE_RUN, new DevRuleRun(idle, 3))))
                        .isEqualTo(nothing);
            }
            provider.fault(new JsonObject().put("mode", "status").put("pathPrefix", "/buy/"));
            assertThatThrownBy(
                            () -> await(provider.node.node().bus().ask(Topics.DEV_RULE_RUN, new DevRuleRun(rule, 3))))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        }
    }

    @Test
    void tells_which_marketplaces_are_in_use_and_why_one_is_not() {
        try (var provider = RunningProvider.start(Map.of("DISCOGS_TOKEN", ""))) {
            var told = await(provider.node.node().bus().ask(Topics.PROVIDERS, new ProvidersAsked("r")));
            assertThat(told.providers())
                    .extracting(
                            ProviderState::provider,
                            ProviderState::enabled,
                            ProviderState::reason,
                            ProviderState::breaker)
                    .containsExactly(
                            tuple("discogs", false, "missing required config: discogs_token", null),
                            tuple("ebay", true, null, "closed"));
        }
    }

    @Test
    void a_disabled_marketplace_says_why_it_is_not_asked() {
        try (var provider = RunningProvider.start(Map.of("EBAY_CLIENT_ID", "", "EBAY_CLIENT_SECRET", ""))) {
            UUID rule = provider.rule(provider.node.user("ann@example.org"), "faust", keywords("faust"));
            assertThatThrownBy(
                            () -> await(provider.node.node().bus().ask(Topics.DEV_RULE_RUN, new DevRuleRun(rule, 3))))
                    .isInstanceOf(Failure.class)
                    .hasMessage(
                            "Provider 'ebay' is disabled: missing required config: ebay_client_id, ebay_client_secret");
        }
    }
}
