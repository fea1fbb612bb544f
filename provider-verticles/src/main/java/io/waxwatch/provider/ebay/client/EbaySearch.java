package io.waxwatch.provider.ebay.client;

import io.waxwatch.provider.http.Money;
import io.waxwatch.provider.http.OutboundCall;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One page of an item summary search. Its rules are eBay's; what breaks them is refused here, because eBay would answer some
 * of it with 200 and other rows than asked for.
 *
 * @param q words, all required; null for a whole category; at most 100 characters (eBay cuts longer ones silently)
 * @param categoryId one id; null for any
 * @param sort such as {@code newlyListed}; null for best match
 * @param limit 1..200
 * @param offset a multiple of limit below 10,000
 * @param buyingOptions without AUCTION eBay leaves pure auctions out; empty means eBay's default (fixed price only)
 * @param price null for any
 * @param marketplaceId such as {@code EBAY_US}; null for the client's own
 */
public record EbaySearch(
        String q,
        String categoryId,
        String sort,
        int limit,
        int offset,
        List<String> buyingOptions,
        PriceRange price,
        String marketplaceId) {

    /** Vinyl Records in the category tree of EBAY_US. */
    public static final String VINYL_RECORDS = "176985";

    public static final String NEWLY_LISTED = "newlyListed";
    public static final int MAX_LIMIT = 200;
    public static final int MAX_Q = 100;
    /** eBay shows no more of one result set. */
    public static final int MAX_OFFSET = 10_000;

    private static final List<String> ALL_OPTIONS = List.of("FIXED_PRICE", "AUCTION", "BEST_OFFER");
    private static final Pattern OFFSET = Pattern.compile("[?&]offset=(\\d{1,9})(&|$)");

    /**
     * Price bounds. The currency is not optional: without it eBay ignores the bounds.
     *
     * @param min null for none
     * @param max null for none
     * @param currency three letters
     */
    public record PriceRange(BigDecimal min, BigDecimal max, String currency) {
        public PriceRange {
            require(min != null || max != null, "a price range needs a bound");
            require(min == null || min.signum() >= 0, "a price bound must not be negative");
            require(max == null || max.signum() >= 0, "a price bound must not be negative");
            require(min == null || max == null || min.compareTo(max) <= 0, "the lower price is above the upper one");
            currency = Money.currency(currency)
                    .orElseThrow(() -> new IllegalArgumentException("a price range needs a currency"));
        }

        private String filter() {
            return "price:[" + (min == null ? "" : min.toPlainString()) + ".."
                    + (max == null ? "" : max.toPlainString()) + "],priceCurrency:" + currency;
        }
    }

    /** On the client's own marketplace. */
    public EbaySearch(
            String q,
            String categoryId,
            String sort,
            int limit,
            int offset,
            List<String> buyingOptions,
            PriceRange price) {
        this(q, categoryId, sort, limit, offset, buyingOptions, price, null);
    }

    public EbaySearch {
        q = q == null || q.isBlank() ? null : q.strip();
        categoryId = categoryId == null || categoryId.isBlank() ? null : categoryId.strip();
        require(q != null || categoryId != null, "a search needs words or a category");
        require(q == null || q.length() <= MAX_Q, "search words are longer than 100 characters");
        require(q == null || q.indexOf('*') < 0, "search words must not contain *");
        require(categoryId == null || categoryId.matches("\\d{1,12}"), "a category id is a number");
        require(limit >= 1 && limit <= MAX_LIMIT, "limit must be 1..200");
        require(
                offset >= 0 && offset < MAX_OFFSET && offset % limit == 0,
                "offset must be a multiple of limit < 10000");
        buyingOptions = List.copyOf(buyingOptions);
        buyingOptions.forEach(option -> require(option.matches("[A-Z_]{1,30}"), "unknown buying option"));
        require(marketplaceId == null || marketplaceId.matches("[A-Z_]{1,20}"), "unknown marketplace");
    }

    /** The newest listings of a whole category, auctions too, 200 of them. */
    public static EbaySearch newest(String categoryId) {
        return new EbaySearch(null, categoryId, NEWLY_LISTED, MAX_LIMIT, 0, ALL_OPTIONS, null, null);
    }

    /** The newest vinyl listings with these words, auctions too, 200 of them. */
    public static EbaySearch words(String q) {
        return new EbaySearch(q, VINYL_RECORDS, NEWLY_LISTED, MAX_LIMIT, 0, ALL_OPTIONS, null, null);
    }

    /** Only those with these words. */
    public EbaySearch withWords(String words) {
        return new EbaySearch(words, categoryId, sort, limit, offset, buyingOptions, price, marketplaceId);
    }

    public EbaySearch withPrice(PriceRange range) {
        return new EbaySearch(q, categoryId, sort, limit, offset, buyingOptions, range, marketplaceId);
    }

    /** The same on one of eBay's marketplaces. */
    public EbaySearch on(String marketplace) {
        return new EbaySearch(q, categoryId, sort, limit, offset, buyingOptions, price, marketplace);
    }

    public EbaySearch withLimit(int rows) {
        return new EbaySearch(q, categoryId, sort, rows, 0, buyingOptions, price, marketplaceId);
    }

    /**
     * The search for the page that follows. Only the offset of the provider's link is used: its host is none of ours to follow.
     *
     * @return empty on the last page, and for a link that does not lead on
     */
    public Optional<EbaySearch> after(EbayPage page) {
        return page.next().flatMap(EbaySearch::offsetOf).flatMap(this::at);
    }

    static Optional<Integer> offsetOf(String link) {
        Matcher matcher = OFFSET.matcher(link);
        return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** The same from a row on; empty where eBay shows no more. */
    public Optional<EbaySearch> from(int row) {
        int page = row / limit * limit;
        return page < MAX_OFFSET
                ? Optional.of(new EbaySearch(q, categoryId, sort, limit, page, buyingOptions, price, marketplaceId))
                : Optional.empty();
    }

    private Optional<EbaySearch> at(int next) {
        return next > offset && next < MAX_OFFSET && next % limit == 0
                ? Optional.of(new EbaySearch(q, categoryId, sort, limit, next, buyingOptions, price, marketplaceId))
                : Optional.empty();
    }

    Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        if (q != null) {
            query.put("q", q);
        }
        if (categoryId != null) {
            query.put("category_ids", categoryId);
        }
        if (sort != null) {
            query.put("sort", sort);
        }
        query.put("limit", Integer.toString(limit));
        query.put("offset", Integer.toString(offset));
        List<String> filters = new ArrayList<>();
        if (!buyingOptions.isEmpty()) {
            filters.add("buyingOptions:{" + String.join("|", buyingOptions) + "}");
        }
        if (price != null) {
            filters.add(price.filter());
        }
        if (!filters.isEmpty()) {
            query.put("filter", String.join(",", filters));
        }
        return query;
    }

    /** The query string, for tests and logs. */
    String encoded() {
        return OutboundCall.form(query());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
