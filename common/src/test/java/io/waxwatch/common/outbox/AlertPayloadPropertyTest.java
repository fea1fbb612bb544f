package io.waxwatch.common.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.outbox.AlertPayload.Offered;
import io.waxwatch.common.outbox.AlertPayload.Watch;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AlertPayloadPropertyTest {

    @Property
    void what_is_printed_is_parsed_to_the_same_payload(@ForAll("payloads") AlertPayload payload) {
        var stored = new JsonObject(payload.toJson().encode());

        assertThat(AlertPayload.parse(stored)).isEqualTo(payload);
    }

    @Property
    void no_stored_value_is_too_odd_to_be_read_and_what_is_not_understood_survives(
            @ForAll("oddities") Map<String, Object> odd) {
        var stored = new JsonObject(odd);

        JsonObject printed = AlertPayload.parse(stored).toJson();

        stored.forEach(each -> {
            boolean isUnderstood = !(each.getValue() instanceof Boolean) && !(each.getValue() instanceof JsonObject);
            if (!isUnderstood || each.getKey().equals("stranger")) {
                assertThat(printed.getValue(each.getKey())).isEqualTo(each.getValue());
            }
        });
    }

    @Example
    void a_price_that_was_stored_as_text_is_a_number() {
        assertThat(AlertPayload.parse(new JsonObject().put("price", "12.50"))
                        .offer()
                        .price())
                .isEqualByComparingTo("12.50");
        var cheap = AlertPayload.parse(new JsonObject().put("price", "cheap"));
        assertThat(cheap.offer().price()).isNull();
        assertThat(cheap.toJson().getValue("price")).isEqualTo("cheap");
    }

    @Example
    void an_event_without_payload_says_nothing() {
        assertThat(AlertPayload.parse(null)).isEqualTo(new AlertPayload(null, null, null, null));
        assertThat(AlertPayload.parse(null).toJson()).isEqualTo(new JsonObject());
    }

    @Example
    void a_listing_says_what_is_not_known_of_it_and_a_floor_does_not() {
        var offer = new Offered("A", null, null, null, null, null, null, null, null, null, null);
        assertThat(new AlertPayload(Watch.rule("r"), offer, null, null).toJson().fieldNames())
                .contains("condition", "seller", "location");
        assertThat(new AlertPayload(Watch.floor("A", "exact_release"), offer, null, null)
                        .toJson()
                        .fieldNames())
                .doesNotContain("condition", "seller", "location");
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings().ascii().ofMaxLength(6).injectNull(0.3);
    }

    /** As a number of JSON gives it back: it does not tell 12.50 from 12.5. */
    private static Arbitrary<BigDecimal> price() {
        return Arbitraries.longs()
                .between(0, 99_999_999_999_999L)
                .map(cents -> BigDecimal.valueOf(cents, 2).stripTrailingZeros())
                .map(amount -> amount.scale() < 0 ? amount.setScale(0) : amount)
                .injectNull(0.3);
    }

    @Provide
    Arbitrary<AlertPayload> payloads() {
        Arbitrary<Watch> watches = Combinators.combine(
                        Arbitraries.of("watch_release", "release_floor").injectNull(0.4), text(), text(), text())
                .as(Watch::new);
        Arbitrary<String> kind = Arbitraries.of("bid", "fixed").injectNull(0.2);
        Arbitrary<Offered> first = Combinators.combine(text(), price(), kind, text(), text(), text(), text())
                .as((title, price, priceKind, currency, condition, seller, location) -> new Offered(
                        title, price, priceKind, currency, condition, seller, location, null, null, null, null));
        Arbitrary<Offered> offers = Combinators.combine(
                        first, text(), text(), text(), Arbitraries.longs().injectNull(0.5))
                .as((offer, provider, url, listingUrl, forSale) -> new Offered(
                        offer.title(),
                        offer.price(),
                        offer.priceKind(),
                        offer.currency(),
                        offer.condition(),
                        offer.seller(),
                        offer.location(),
                        provider,
                        url,
                        listingUrl,
                        forSale));
        Arbitrary<List<String>> why =
                Arbitraries.strings().ascii().ofMaxLength(6).list().ofMaxSize(3).injectNull(0.3);
        Arbitrary<JsonObject> more =
                Arbitraries.of(new JsonObject(), new JsonObject().put("backfill", true), new JsonObject().put("x", 1));
        return Combinators.combine(watches, offers, why, more).as(AlertPayload::new);
    }

    @Provide
    Arbitrary<Map<String, Object>> oddities() {
        Arbitrary<String> keys = Arbitraries.of(
                "match_type",
                "rule_name",
                "listing_title",
                "price",
                "price_kind",
                "why",
                "number_for_sale",
                "stranger");
        Arbitrary<Object> values = Arbitraries.of(
                true,
                "text",
                "",
                "12.5",
                7,
                1.5,
                new JsonObject().put("a", 1),
                new JsonArray().add(1).add("because"));
        return Arbitraries.maps(keys, values);
    }
}
