package io.waxwatch.provider.discogs.client;

import io.vertx.core.buffer.Buffer;
import io.waxwatch.provider.http.JsonView;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.Money;
import io.waxwatch.provider.http.ProviderFailure;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the bodies of Discogs say, shapes of 2014 to today. Pure. Ids are 64 bits wide, 0 means none, and links are built from
 * ids because old bodies have relative ones.
 */
public final class DiscogsBodies {

    private static final String LABEL = "Discogs";
    private static final Pattern FORM_KEY = Pattern.compile("[a-z_]{1,64}");

    private DiscogsBodies() {}

    /**
     * Where a page stands.
     *
     * @param page 1-based
     * @param pages what Discogs claims; foreign inventories end at page 100 all the same
     * @param items in all pages
     * @param next link to the next page, empty on the last
     */
    public record Pagination(int page, int pages, long items, Optional<String> next) {}

    /**
     * One offer.
     *
     * @param listing the common part
     * @param status For Sale, Sold and so on
     * @param sleeveCondition null when not given
     * @param shippingBlocked the seller does not ship to the buyer's country
     */
    public record Offer(MarketListing listing, String status, String sleeveCondition, boolean shippingBlocked) {}

    /** One page of a seller's offers. */
    public record InventoryPage(List<Offer> offers, Pagination pagination) {}

    /**
     * A format of a release, such as 2 × Vinyl, LP, Album.
     *
     * @param quantity as given, a text
     */
    public record Format(String name, String quantity, List<String> descriptions) {}

    /**
     * A release, or a master (which has no formats, country or master of its own).
     *
     * @param lowestPrice a bare number in the body, always USD; null when none is for sale or the body is old
     * @param numForSale null when the body does not say
     */
    public record Release(
            long id,
            Long masterId,
            String title,
            List<String> artists,
            Integer year,
            String country,
            List<Format> formats,
            BigDecimal lowestPrice,
            Integer numForSale) {}

    /** A catalogue row: it has no price and no seller, and is not an offer. */
    public record CatalogueRow(
            long id,
            String type,
            Long masterId,
            String title,
            String year,
            String catalogNumber,
            List<String> formats,
            List<String> barcodes) {}

    /** A page of search results. */
    public record CataloguePage(List<CatalogueRow> rows, Pagination pagination) {}

    /**
     * A row of a wantlist or of a collection.
     *
     * @param instanceId null in a wantlist; one release can be in a collection several times
     */
    public record ShelfRow(
            long releaseId,
            Long instanceId,
            Long masterId,
            String title,
            List<String> artists,
            Integer year,
            List<Format> formats,
            Instant addedAt) {}

    /** A page of a wantlist or of a collection. */
    public record ShelfPage(List<ShelfRow> rows, Pagination pagination) {}

    /** The answer of the statistics call. Both keys null means that none is for sale. */
    public static ReleaseFloor floor(Buffer body, long releaseId, String askedCurrency) {
        JsonView stats = object(body);
        boolean shape =
                stats.fields().containsKey("num_for_sale") && stats.fields().containsKey("lowest_price");
        if (!shape) {
            throw wrongShape();
        }
        Optional<Money> lowest = Money.of(stats.view("lowest_price"));
        if (stats.has("lowest_price") && lowest.isEmpty()) {
            throw wrongShape();
        }
        if (stats.has("num_for_sale") && stats.wholeNumber("num_for_sale") == null) {
            throw wrongShape();
        }
        Integer count = stats.has("num_for_sale") ? small(stats, "num_for_sale") : Integer.valueOf(0);
        return new ReleaseFloor(
                releaseId,
                lowest.map(Money::value),
                lowest.map(Money::currency).orElse(askedCurrency),
                Math.max(0, count),
                stats.isTrue("blocked_from_sale"));
    }

    /** A page of a seller's inventory. Rows without id or description are left out. */
    public static InventoryPage inventory(Buffer body) {
        JsonView page = object(body);
        List<JsonView> rows = rows(page, "listings");
        List<Offer> offers = rows.stream()
                .map(DiscogsBodies::offer)
                .flatMap(Optional::stream)
                .toList();
        if (offers.isEmpty() && !rows.isEmpty()) {
            throw wrongShape();
        }
        return new InventoryPage(offers, pagination(page));
    }

    /** A release. */
    public static Release release(Buffer body) {
        JsonView view = object(body);
        Long id = view.id("id");
        String title = view.textOrNull("title");
        if (id == null || title == null) {
            throw wrongShape();
        }
        return new Release(
                id,
                view.id("master_id"),
                title,
                artists(view),
                year(view),
                view.textOrNull("country"),
                formats(view),
                Money.of(view.text("lowest_price"), "USD").map(Money::value).orElse(null),
                small(view, "num_for_sale"));
    }

    /** Search results. */
    public static CataloguePage search(Buffer body) {
        JsonView page = object(body);
        List<CatalogueRow> rows = rows(page, "results").stream()
                .filter(row -> row.id("id") != null && row.textOrNull("title") != null)
                .map(DiscogsBodies::catalogueRow)
                .toList();
        return new CataloguePage(rows, pagination(page));
    }

    /** A page of a collection folder. */
    public static ShelfPage collection(Buffer body) {
        return shelf(body, "releases");
    }

    /** A page of a wantlist. */
    public static ShelfPage wants(Buffer body) {
        return shelf(body, "wants");
    }

    /** The name in an OAuth identity, when there is one. */
    public static Optional<String> username(Buffer body) {
        return Optional.ofNullable(object(body).textOrNull("username"));
    }

    /** The OAuth 1.0a endpoints answer in form encoding; a page of HTML may have a = in it, too. */
    public static Map<String, String> form(Buffer body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.toString(StandardCharsets.UTF_8).trim().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1 || !FORM_KEY.matcher(pair.substring(0, equals)).matches()) {
                throw wrongShape();
            }
            try {
                fields.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
            } catch (IllegalArgumentException notEncoded) {
                throw wrongShape();
            }
        }
        return fields;
    }

    private static Optional<Offer> offer(JsonView row) {
        Long id = row.id("id");
        JsonView release = row.view("release");
        String title = release.textOrNull("description");
        if (id == null || title == null) {
            return Optional.empty();
        }
        Optional<Money> price = Money.of(row.view("price"));
        String currency = price.map(Money::currency).orElse(null);
        // An empty object means unknown, here and in the shipping price.
        Optional<Money> original = Money.of(row.view("original_price"), "value", "curr_abbr")
                .filter(amount -> !amount.currency().equals(currency));
        Optional<Money> shipping = Money.of(row.view("shipping_price"))
                .filter(amount -> amount.currency().equals(currency));
        boolean blocked = row.isTrue("shipping_is_blocked");
        MarketListing listing = new MarketListing(
                DiscogsClient.PROVIDER,
                Long.toString(id),
                "https://www.discogs.com/sell/item/" + id,
                title,
                price.map(Money::value).orElse(null),
                currency,
                null,
                row.textOrNull("condition"),
                null,
                row.view("seller").textOrNull("username"),
                row.textOrNull("ships_from"),
                release.id("id"),
                release.id("master_id"),
                blocked ? null : shipping.map(Money::value).orElse(null),
                row.isTrue("allow_offers") ? List.of("FIXED_PRICE", "BEST_OFFER") : List.of("FIXED_PRICE"),
                row.instant("posted"),
                original.map(Money::value).orElse(null),
                original.map(Money::currency).orElse(null),
                row.fields());
        return Optional.of(new Offer(listing, row.text("status"), row.textOrNull("sleeve_condition"), blocked));
    }

    private static CatalogueRow catalogueRow(JsonView row) {
        return new CatalogueRow(
                row.id("id"),
                row.has("type") ? row.text("type") : "release",
                row.id("master_id"),
                row.text("title"),
                row.text("year"),
                row.textOrNull("catno"),
                row.texts("format"),
                row.texts("barcode"));
    }

    private static ShelfPage shelf(Buffer body, String key) {
        JsonView page = object(body);
        List<ShelfRow> rows = rows(page, key).stream()
                .filter(row -> releaseId(row) != null)
                .map(DiscogsBodies::shelfRow)
                .toList();
        return new ShelfPage(rows, pagination(page));
    }

    private static ShelfRow shelfRow(JsonView row) {
        JsonView basic = row.view("basic_information");
        return new ShelfRow(
                releaseId(row),
                row.id("instance_id"),
                basic.id("master_id"),
                basic.textOrNull("title"),
                artists(basic),
                year(basic),
                formats(basic),
                row.instant("date_added"));
    }

    private static Long releaseId(JsonView row) {
        Long basic = row.view("basic_information").id("id");
        return basic == null ? row.id("id") : basic;
    }

    private static List<String> artists(JsonView view) {
        return view.views("artists").stream()
                .map(artist -> artist.textOrNull("name"))
                .filter(name -> name != null)
                .toList();
    }

    private static List<Format> formats(JsonView view) {
        return view.views("formats").stream()
                .filter(format -> format.textOrNull("name") != null)
                .map(format -> new Format(format.text("name"), format.text("qty"), format.texts("descriptions")))
                .toList();
    }

    /** 0 means unknown. */
    private static Integer year(JsonView view) {
        Integer year = small(view, "year");
        return year == null || year <= 0 ? null : year;
    }

    private static Integer small(JsonView view, String key) {
        Long number = view.wholeNumber(key);
        return number == null ? null : (int) Math.max(Integer.MIN_VALUE, Math.min(number, Integer.MAX_VALUE));
    }

    private static Pagination pagination(JsonView page) {
        JsonView pagination = page.view("pagination");
        Long items = pagination.wholeNumber("items");
        return new Pagination(
                Optional.ofNullable(small(pagination, "page")).orElse(1),
                Optional.ofNullable(small(pagination, "pages")).orElse(1),
                items == null ? 0 : items,
                pagination.view("urls").webUrl("next"));
    }

    private static List<JsonView> rows(JsonView page, String key) {
        if (!page.isList(key)) {
            throw wrongShape();
        }
        return page.views(key);
    }

    private static JsonView object(Buffer body) {
        return JsonView.parse(body, LABEL);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static ProviderFailure wrongShape() {
        return ProviderFailure.invalidBody(LABEL + " response has an unexpected shape");
    }
}
