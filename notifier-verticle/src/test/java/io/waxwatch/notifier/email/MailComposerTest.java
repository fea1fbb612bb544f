package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.outbox.ClaimedDelivery;
import io.waxwatch.common.outbox.EventType;
import io.waxwatch.common.outbox.NotificationChannel;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailComposerTest {

    private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");

    private final MailComposer composer = new MailComposer(URI.create("https://waxwatch.example"), Optional.empty());

    private static ClaimedDelivery delivery(EventType type, String email, JsonObject payload) {
        return new ClaimedDelivery(
                ID,
                NotificationChannel.EMAIL,
                1,
                1,
                ClaimedDelivery.Past.NONE,
                UUID.randomUUID(),
                email,
                null,
                true,
                UUID.randomUUID(),
                type,
                null,
                payload,
                OffsetDateTime.now(java.time.ZoneOffset.UTC));
    }

    private static JsonObject match() {
        return new JsonObject()
                .put("rule_name", "Blue Train under 20")
                .put("listing_title", "John Coltrane – Blue Train (LP, Mono)")
                .put("price", 18.5)
                .put("currency", "USD")
                .put("price_kind", "fixed")
                .put("condition", "near_mint")
                .put("seller", "wax_attic")
                .put("location", "Hamburg, DE")
                .put("provider", "ebay")
                .put("url", "/api/outbound/ebay/1")
                .put("listing_url", "https://www.ebay.com/itm/1?a=1&b=2")
                .put("why", new JsonArray().add("title has “blue train”").add("18.50 USD is at most 20.00 USD"));
    }

    private Mail compose(JsonObject payload) {
        return composer.compose(delivery(EventType.NEW_MATCH, "collector@example.com", payload))
                .orElseThrow();
    }

    @Test
    void a_match_says_everything_a_collector_needs_to_decide() {
        Mail mail = compose(match());

        assertThat(mail.subject()).isEqualTo("WaxWatch: John Coltrane – Blue Train (LP, Mono) — 18.50 USD");
        assertThat(mail.to()).isEqualTo("collector@example.com");
        assertThat(mail.messageId()).isEqualTo("<" + ID + "@waxwatch.example>");
        assertThat(mail.text())
                .contains(
                        "John Coltrane – Blue Train (LP, Mono)",
                        "Price: 18.50 USD\n",
                        "Condition: near mint",
                        "Seller: wax_attic",
                        "Location: Hamburg, DE",
                        "Marketplace: eBay",
                        "Your rule: Blue Train under 20",
                        "Why it matched:\n- title has “blue train”\n- 18.50 USD is at most 20.00 USD",
                        "https://www.ebay.com/itm/1?a=1&b=2",
                        "To stop it");
        assertThat(mail.html())
                .contains(
                        "<b>Price:</b> 18.50 USD", "href=\"https://www.ebay.com/itm/1?a=1&amp;b=2\"", "<li>title has");
    }

    @Test
    void a_bid_is_marked_as_a_bid() {
        Mail mail = compose(match().put("price_kind", "bid"));

        assertThat(mail.subject()).endsWith("— bid 18.50 USD");
        assertThat(mail.text()).contains("Price: 18.50 USD (current bid, the auction is still running)");
    }

    @Test
    void a_release_match_names_the_watched_release_and_may_lack_everything_else() {
        Mail mail = compose(new JsonObject()
                .put("watch_release_title", "Kind of Blue")
                .put("listing_title", "Miles Davis - Kind Of Blue"));

        assertThat(mail.subject()).isEqualTo("WaxWatch: Miles Davis - Kind Of Blue");
        assertThat(mail.text()).contains("Your watched release: Kind of Blue").doesNotContain("Price", "null");
    }

    @Test
    void a_release_floor_speaks_of_offers_not_of_a_listing() {
        Mail mail = compose(new JsonObject()
                .put("match_type", "release_floor")
                .put("watch_release_title", "Kind of Blue")
                .put("listing_title", "Kind of Blue")
                .put("price", "21.00")
                .put("price_kind", "fixed")
                .put("currency", "EUR")
                .put("number_for_sale", 7)
                .put("listing_url", "https://www.discogs.com/sell/release/1"));

        assertThat(mail.text())
                .contains("at your price", "Lowest price: 21.00 EUR", "Offers: 7", "See the offers:")
                .doesNotContain("See the listing");
    }

    @Test
    void even_an_empty_payload_makes_a_mail() {
        assertThat(composer.compose(delivery(EventType.NEW_MATCH, "a@b.c", null)))
                .hasValueSatisfying(mail -> assertThat(mail.subject()).isEqualTo("WaxWatch: a record you watch"));
    }

    @ParameterizedTest
    @CsvSource({
        "18.5,USD,18.50 USD",
        "1800,JPY,1800 JPY",
        "0.1,EUR,0.10 EUR",
        "12345678.99,GBP,12345678.99 GBP",
        "7,XXZ,7.00 XXZ"
    })
    void prices_are_exact_in_the_currencys_own_decimals(String price, String currency, String shown) {
        assertThat(compose(match().put("price", Double.parseDouble(price)).put("currency", currency))
                        .text())
                .contains("Price: " + shown + "\n");
        assertThat(compose(match().put("price", price).put("currency", currency))
                        .text())
                .contains("Price: " + shown + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-3", "NaN", "", "abc", "1e-40"})
    void a_price_that_is_none_is_left_out(String price) {
        assertThat(compose(match().put("price", price)).text()).doesNotContain("Price:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"javascript:alert(1)", "/relative", "https://x\"onclick=\"y", "data:text/html,x", "https://a b"})
    void only_web_links_become_links(String url) {
        Mail mail = compose(match().put("listing_url", url).putNull("url"));

        assertThat(mail.html()).doesNotContain("href");
        assertThat(mail.text()).doesNotContain(url);
    }

    @Test
    void what_strangers_write_is_escaped() {
        Mail mail = compose(match().put("listing_title", "<script>alert('x')</script> & \"more\""));

        assertThat(mail.html())
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;")
                .doesNotContain("<script");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "a@b\r\nBcc: c@d",
                "a@b,c@d",
                "A <a@b>",
                "a@b@c",
                "a b@c",
                "a@b;c@d",
                "\"x\"@b",
                "a@b\u0000"
            })
    void an_address_that_could_be_more_than_one_address_gets_no_mail(String address) {
        assertThat(composer.compose(delivery(EventType.NEW_MATCH, address, match())))
                .isEmpty();
        assertThat(composer.compose(delivery(EventType.NEW_MATCH, null, match())))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void clicks_of_the_user_are_not_echoed_and_news_is_told(EventType type) {
        boolean echo = type.name().startsWith("RULE_")
                || type.name().startsWith("WATCH_RELEASE_")
                || type == EventType.IMPORT_STARTED;

        assertThat(composer.isNews(delivery(type, "a@b.c", null))).isEqualTo(!echo);
    }

    @Test
    void imports_are_told_calmly() {
        JsonObject payload = new JsonObject().put("processed_count", 120).put("imported_count", 118);

        Mail done = composer.compose(delivery(EventType.IMPORT_COMPLETED, "a@b.c", payload))
                .orElseThrow();
        Mail failed = composer.compose(delivery(
                        EventType.IMPORT_FAILED, "a@b.c", new JsonObject().put("error", "Discogs did not answer")))
                .orElseThrow();

        assertThat(done.text()).contains("Records looked at: 120", "Records now watched: 118");
        assertThat(failed.text()).contains("Reason: Discogs did not answer", "You can start the import again");
    }

    @Property(tries = 500)
    void no_header_can_be_injected_and_no_tag(@ForAll("hostile") String text, @ForAll("hostile") String other) {
        JsonObject payload = match().put("listing_title", text)
                .put("currency", other)
                .put("rule_name", text)
                .put("seller", other)
                .put("condition", text)
                .put("location", other)
                .put("provider", text)
                .put("listing_url", "https://example.com/" + other)
                .put("why", new JsonArray().add(text).add(other));

        Mail mail = compose(payload);

        assertThat(mail.subject()).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");
        assertThat(mail.subject().codePointCount(0, mail.subject().length())).isLessThanOrEqualTo(700);
        assertThat(mail.messageId()).isEqualTo("<" + ID + "@waxwatch.example>");
        assertThat(mail.html().toLowerCase(java.util.Locale.ROOT)).doesNotContain("<script", "<img", "onerror=\"");
        assertThat(mail.html()
                        .replaceAll(
                                "</?(html|body|h2|p|div|b|ul|li|a)( (style|href)=\"[^\"<>]*\")?>|<!DOCTYPE html>", ""))
                .doesNotContain("<", ">", "\"", "'");
        assertThat(compose(payload)).isEqualTo(mail);
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\r\n",
                "\n",
                "\r",
                "Bcc: x@y",
                "\u2028",
                "\u202E",
                "\u0000",
                "<script>",
                "</p>",
                "<img src=x onerror=\"",
                "\"",
                "'",
                "&",
                "&lt;",
                "=?utf-8?q?",
                "\uD83D",
                "\uD83D\uDCBF",
                "Ärzte",
                " ",
                "--",
                "x".repeat(300));
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                pieces.list().ofMaxSize(12).map(list -> String.join("", list)));
    }

    @Property(tries = 200)
    void a_cleaned_text_is_stable(@ForAll("hostile") String raw) {
        Optional<String> once = MailComposer.clean(raw);

        assertThat(once.flatMap(MailComposer::clean)).isEqualTo(once);
    }
}
