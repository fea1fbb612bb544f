package io.waxwatch.sandbox.market;

import io.waxwatch.sandbox.catalog.Pressing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Draws listings that look like real ones, with the gaps that real ones have. The same seed draws the same row. */
final class ListingFactory {

    private static final List<String> SELLERS = List.of(
            "attic_vinyl",
            "groove-merchant-77",
            "recordbarn",
            "lp.hunter",
            "dustysleeves",
            "needle_drop_nl",
            "waxpoet");
    private static final List<String> GRADES = List.of("M-", "NM", "EX", "VG+", "VG+", "VG", "G+");
    private static final List<String> MEDIA = List.of(
            "Mint (M)",
            "Near Mint (NM or M-)",
            "Near Mint (NM or M-)",
            "Very Good Plus (VG+)",
            "Very Good Plus (VG+)",
            "Very Good (VG)",
            "Good Plus (G+)");
    private static final List<String> SLEEVES = List.of(
            "Near Mint (NM or M-)", "Very Good Plus (VG+)", "Very Good (VG)", "Generic", "Not Graded", "No Cover");
    private static final int TITLE_LIMIT = 80;

    private final Random random;

    ListingFactory(Random random) {
        this.random = random;
    }

    EbayListing ebay(long id, Pressing pressing, Instant now) {
        String marketplace = oneIn(6) ? "EBAY_GB" : oneIn(8) ? "EBAY_DE" : "EBAY_US";
        String currency = Marketplaces.currencyOf(marketplace);
        if ("EBAY_US".equals(marketplace) && oneIn(12)) {
            currency = "CAD";
        }
        int kind = random.nextInt(10);
        boolean pureAuction = kind == 0;
        boolean hybrid = kind == 1;
        Money price = price(pressing, currency);
        boolean calculated = oneIn(5);
        Money shipping = calculated
                ? null
                : new Money(BigDecimal.valueOf(oneIn(4) ? 0 : 399 + random.nextInt(500), 2), currency);
        boolean relisted = oneIn(15);
        boolean isNew = oneIn(6);
        String grade = pick(GRADES);
        return new EbayListing(
                id,
                title(pressing, grade),
                marketplace,
                pureAuction ? null : price,
                pureAuction || hybrid ? price.times(new BigDecimal("0.60")) : null,
                pureAuction ? random.nextInt(6) : 0,
                pureAuction
                        ? List.of("AUCTION")
                        : hybrid
                                ? List.of("AUCTION", "FIXED_PRICE")
                                : oneIn(3) ? List.of("FIXED_PRICE", "BEST_OFFER") : List.of("FIXED_PRICE"),
                oneIn(33) ? null : isNew ? "1000" : "3000",
                grade,
                pick(SELLERS),
                random.nextInt(20_000),
                "EBAY_GB".equals(marketplace)
                        ? "GB"
                        : "EBAY_DE".equals(marketplace) ? "DE" : "CAD".equals(currency) ? "CA" : "US",
                oneIn(40) ? null : calculated ? "CALCULATED" : "FIXED",
                shipping,
                !oneIn(25),
                relisted ? now.minus(Duration.ofDays(1 + random.nextInt(30))) : now,
                now,
                now.plus(Duration.ofDays(pureAuction ? 7 : 30)),
                pressing.releaseId());
    }

    DiscogsOffer discogs(long id, Pressing pressing, String shop, Instant now) {
        String currency = List.of("USD", "EUR", "GBP").get(Math.floorMod(shop.hashCode(), 3));
        return new DiscogsOffer(
                id,
                pressing.releaseId(),
                shop,
                price(pressing, currency),
                pick(MEDIA),
                pick(SLEEVES),
                oneIn(3) ? "" : "Plays well, light hairlines. R&amp;D copy, see photos.",
                "USD".equals(currency) ? "United States" : "EUR".equals(currency) ? "Germany" : "United Kingdom",
                oneIn(3) ? null : new Money(new BigDecimal("6.50"), currency),
                now);
    }

    Money price(Pressing pressing, String currency) {
        // A pressing keeps its level, a copy varies around it: otherwise no floor would mean anything.
        double level = 9 + Math.floorMod(pressing.releaseId() * 7_919, 60);
        double copy = level * pressing.discs() * (0.7 + random.nextDouble() * 0.9);
        return new Money(BigDecimal.valueOf(copy), "USD").in(currency);
    }

    private String title(Pressing pressing, String grade) {
        String core = pressing.displayArtist() + " - " + pressing.title();
        String facts = " " + pressing.format().replace(",", "") + " " + pressing.year();
        String title = switch (random.nextInt(6)) {
            case 0 -> core + facts + " " + pressing.label() + " " + pressing.catno() + " " + grade;
            case 1 -> core.toUpperCase(Locale.ROOT) + facts + " VINYL " + grade;
            case 2 -> "🎵 " + core + facts + " original vinyl record";
            case 3 -> core + facts + " " + pressing.country() + " pressing ";
            default -> core + facts + " " + grade + " Vinyl";
        };
        return cut(title);
    }

    /** Cuts at eBay's limit, in the middle of a word as eBay does, but never in the middle of a character. */
    static String cut(String title) {
        if (title.length() <= TITLE_LIMIT) {
            return title;
        }
        int end = Character.isHighSurrogate(title.charAt(TITLE_LIMIT - 1)) ? TITLE_LIMIT - 1 : TITLE_LIMIT;
        return title.substring(0, end);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
