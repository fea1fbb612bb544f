package io.waxwatch.notifier.email;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.outbox.AlertPayload;
import io.waxwatch.common.outbox.AlertPayload.Offered;
import io.waxwatch.common.outbox.ClaimedDelivery;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the mail of a notification. Pure: the same notification gives the same mail, letter for letter.
 *
 * <p><b>Which events are mailed.</b> Every event has an e-mail row (the contract wants it), but only news makes a mail: matches, changes
 * of a listing, and the end of an import. What merely repeats the reader's own click, {@code RULE_*}, {@code WATCH_RELEASE_*} and
 * {@code IMPORT_STARTED}, gets none. The reference mailed those too, one line with the event's name; a collector who edits ten
 * rules wants no ten mails. Their rows are settled as {@code sent}, because the table knows no word for "nothing to say"; the metric
 * {@code outcome="quiet"} tells them apart.
 *
 * <p><b>Trust.</b> Titles, sellers, places and links come from strangers. Control and direction characters are dropped, header
 * values are one line, HTML is escaped, and only {@code http} and {@code https} links become links.
 */
public final class MailComposer {

    private static final int SUBJECT_TITLE_LENGTH = 120;
    private static final int FIELD_LENGTH = 500;
    private static final int REASONS = 12;

    /** Controls, line and paragraph separators, and what turns the direction of writing or hides in the text. */
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF]+");

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\\p{Cc}<>\"]{1,2000}", Pattern.CASE_INSENSITIVE);

    private final URI publicBase;
    private final String idDomain;

    /**
     * @param publicBase where collectors reach the API
     * @param idDomain the right half of {@code Message-ID}; the host of that address if empty
     */
    public MailComposer(URI publicBase, Optional<String> idDomain) {
        this.publicBase = publicBase;
        this.idDomain = idDomain.orElseGet(() -> host(publicBase));
    }

    /** Whether the events of this notification's type are told by mail at all. */
    public boolean isNews(ClaimedDelivery delivery) {
        return switch (delivery.eventType()) {
            case NEW_MATCH,
                    LISTING_FIRST_SEEN,
                    LISTING_PRICE_DROP,
                    LISTING_PRICE_RISE,
                    LISTING_ENDED,
                    IMPORT_COMPLETED,
                    IMPORT_FAILED -> true;
            case RULE_CREATED,
                    RULE_UPDATED,
                    RULE_DISABLED,
                    RULE_ENABLED,
                    RULE_DELETED,
                    WATCH_RELEASE_CREATED,
                    WATCH_RELEASE_UPDATED,
                    WATCH_RELEASE_DISABLED,
                    WATCH_RELEASE_ENABLED,
                    IMPORT_STARTED -> false;
        };
    }

    /** The mail; empty when the user's address is none that a mail can safely go to. */
    public Optional<Mail> compose(ClaimedDelivery delivery) {
        String to = delivery.email();
        if (MailAddress.parse(to).isEmpty()) {
            return Optional.empty();
        }
        JsonObject payload = delivery.payload() == null ? new JsonObject() : delivery.payload();
        AlertPayload alert = AlertPayload.parse(payload);
        Letter letter = switch (delivery.eventType()) {
            case IMPORT_COMPLETED -> importCompleted(payload);
            case IMPORT_FAILED -> importFailed(payload);
            case LISTING_PRICE_DROP -> aboutListing(alert, "The price of a record you watch has dropped.");
            case LISTING_PRICE_RISE -> aboutListing(alert, "The price of a record you watch has risen.");
            case LISTING_ENDED -> aboutListing(alert, "A listing you watch has ended.");
            default ->
                aboutListing(
                        alert,
                        alert.watch().isFloor()
                                ? "A release you watch is on offer at your price."
                                : "A record you are looking for is for sale.");
        };
        String messageId = "<" + delivery.notificationId() + "@" + idDomain + ">";
        return Optional.of(new Mail(messageId, to, letter.subject(), letter.text(), letter.html()));
    }

    private Letter aboutListing(AlertPayload alert, String opening) {
        Offered offer = alert.offer();
        String title = clean(offer.title()).orElse("a record you watch");
        Optional<String> price = price(offer);
        boolean isFloor = alert.watch().isFloor();
        boolean bid = offer.isBid();
        var letter = new Letter(subject(title, price.map(amount -> (bid ? "bid " : "") + amount)), opening);
        letter.heading(title);
        price.ifPresent(amount -> letter.field(
                isFloor ? "Lowest price" : "Price",
                bid ? amount + " (current bid, the auction is still running)" : amount));
        Optional.ofNullable(offer.numberForSale()).ifPresent(count -> letter.field("Offers", count.toString()));
        clean(offer.condition()).ifPresent(condition -> letter.field("Condition", condition.replace('_', ' ')));
        clean(offer.seller()).ifPresent(seller -> letter.field("Seller", seller));
        clean(offer.location()).ifPresent(location -> letter.field("Location", location));
        clean(offer.provider()).ifPresent(provider -> letter.field("Marketplace", marketplace(provider)));

        Optional<String> rule = clean(alert.watch().ruleName());
        Optional<String> release = clean(alert.watch().releaseTitle());
        rule.ifPresent(name -> letter.field("Your rule", name));
        release.ifPresent(name -> letter.field("Your watched release", name));
        letter.list("Why it matched", reasons(alert));
        link(offer).ifPresent(url -> letter.link(isFloor ? "See the offers" : "See the listing", url));

        String source = rule.map(name -> "your rule “" + name + "”")
                .or(() -> release.map(name -> "your watched release “" + name + "”"))
                .orElse("one of your watches");
        letter.footer(
                "You get this mail because of " + source + ". To stop it, switch that off; to get no mails at all, "
                        + "switch e-mail notifications off in your profile. Both at " + publicBase + ".");
        return letter;
    }

    private Letter importCompleted(JsonObject payload) {
        var letter = new Letter("WaxWatch: your Discogs import is complete", "Your Discogs import is complete.");
        count(payload, "processed_count").ifPresent(count -> letter.field("Records looked at", count));
        count(payload, "imported_count").ifPresent(count -> letter.field("Records now watched", count));
        return importFooter(letter);
    }

    private Letter importFailed(JsonObject payload) {
        var letter = new Letter("WaxWatch: your Discogs import did not finish", "Your Discogs import did not finish.");
        text(payload, "error").ifPresent(error -> letter.field("Reason", error));
        letter.paragraph("What was imported so far is kept. You can start the import again.");
        return importFooter(letter);
    }

    private Letter importFooter(Letter letter) {
        letter.footer("You get this mail because you imported from Discogs. To get no mails at all, switch e-mail "
                + "notifications off in your profile, at " + publicBase + ".");
        return letter;
    }

    private static String host(URI publicBase) {
        String host = publicBase.getHost();
        return host == null ? "waxwatch.invalid" : host.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "");
    }

    private static String subject(String title, Optional<String> price) {
        String shown = title.codePointCount(0, title.length()) <= SUBJECT_TITLE_LENGTH
                ? title
                : title.substring(0, title.offsetByCodePoints(0, SUBJECT_TITLE_LENGTH - 1))
                                .strip() + "…";
        return "WaxWatch: " + shown + price.map(amount -> " — " + amount).orElse("");
    }

    /** Exact, with the currency's own number of decimals, unless that would hide some. */
    private static Optional<String> price(Offered offer) {
        return Optional.ofNullable(offer.price()).filter(MailComposer::isSane).map(amount -> {
            String currency = clean(offer.currency()).orElse("");
            int decimals =
                    Math.max(decimals(currency), amount.stripTrailingZeros().scale());
            return (amount.setScale(decimals, RoundingMode.HALF_UP).toPlainString() + " " + currency).strip();
        });
    }

    private static boolean isSane(BigDecimal amount) {
        return amount.signum() >= 0 && amount.scale() <= 6 && amount.precision() <= 18 && amount.scale() >= -18;
    }

    private static int decimals(String currency) {
        try {
            return Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        } catch (IllegalArgumentException unknown) {
            return 2;
        }
    }

    private static Optional<String> count(JsonObject payload, String key) {
        return payload.getValue(key) instanceof Number number
                ? Optional.of(Long.toString(number.longValue()))
                : Optional.empty();
    }

    private static List<String> reasons(AlertPayload alert) {
        return Stream.ofNullable(alert.why())
                .flatMap(List::stream)
                .flatMap(reason -> clean(reason).stream())
                .limit(REASONS)
                .toList();
    }

    /** The listing itself; the tracked path behind {@code url} needs a login that a mail program has not. */
    private static Optional<String> link(Offered offer) {
        return Optional.ofNullable(offer.listingUrl())
                .or(() -> Optional.ofNullable(offer.url()))
                .filter(url -> LINK.matcher(url).matches());
    }

    private static String marketplace(String provider) {
        return switch (provider) {
            case "ebay" -> "eBay";
            case "discogs" -> "Discogs";
            default -> provider;
        };
    }

    private static Optional<String> text(JsonObject payload, String key) {
        return payload.getValue(key) instanceof CharSequence value ? clean(value.toString()) : Optional.empty();
    }

    /** One printable line of bounded length; empty when nothing is left, or there was nothing. */
    static Optional<String> clean(String raw) {
        if (raw == null) {
            return Optional.empty();
        }
        String line = BLANKS.matcher(UNPRINTABLE.matcher(raw).replaceAll(" "))
                .replaceAll(" ")
                .strip();
        if (line.codePointCount(0, line.length()) > FIELD_LENGTH) {
            line = line.substring(0, line.offsetByCodePoints(0, FIELD_LENGTH)).strip() + "…";
        }
        return line.isEmpty() ? Optional.empty() : Optional.of(line);
    }
}
