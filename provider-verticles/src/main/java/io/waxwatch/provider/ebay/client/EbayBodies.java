package io.waxwatch.provider.ebay.client;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.vertx.core.buffer.Buffer;
import io.waxwatch.provider.http.ErrorType;
import io.waxwatch.provider.http.JsonView;
import io.waxwatch.provider.http.MarketListing;
import io.waxwatch.provider.http.Money;
import io.waxwatch.provider.http.ProviderFailure;
import io.waxwatch.provider.http.ProviderFailure.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What eBay's bodies say. Pure. A missing key is an empty value; a body of another shape is a {@link ProviderFailure}, never an
 * empty page.
 */
public final class EbayBodies {

    private static final Logger LOG = LoggerFactory.getLogger(EbayBodies.class);

    /** With these, the rows are not the ones that were asked for: filter, sort, category, price without currency. */
    private static final Set<Long> FATAL_WARNINGS = Set.of(12002L, 12008L, 12009L, 12012L);

    private static final String LABEL = "eBay";

    private EbayBodies() {}

    /** An application token: what it is and for how long. */
    public record Token(String value, long expiresInSeconds) {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Token[expiresIn=" + expiresInSeconds + "]";
        }
    }

    /**
     * An error or a warning.
     *
     * @param errorId eBay's number, 0 when there is none (the token endpoint has texts only)
     * @param message eBay's text
     */
    public record EbayError(long errorId, String message) {}

    /**
     * The daily quota of one resource.
     *
     * @param resource such as buy.browse
     * @param limit calls per window
     * @param remaining calls left
     * @param reset when the window ends
     */
    public record Quota(String resource, long limit, long remaining, Instant reset) {}

    /**
     * A page of search results.
     *
     * @param base the base URL on which the link to the next page is put
     * @throws ProviderFailure when the body is of another shape, or says that a filter was ignored
     */
    public static EbayPage page(Buffer body, URI base) {
        JsonView page = JsonView.parse(body, LABEL);
        refuseIgnoredFilters(page);
        boolean rowsOrTotal = page.has("itemSummaries") ? page.isList("itemSummaries") : page.isNumber("total");
        if (!rowsOrTotal || page.has("errors")) {
            throw ProviderFailure.invalidBody(LABEL + " response has an unexpected shape");
        }
        List<JsonView> rows = page.views("itemSummaries");
        List<MarketListing> listings =
                rows.stream().map(EbayBodies::listing).flatMap(Optional::stream).toList();
        if (listings.isEmpty() && page.fields().get("itemSummaries") instanceof List<?> list && !list.isEmpty()) {
            throw ProviderFailure.invalidBody(LABEL + " response has no readable row");
        }
        if (listings.size() < rows.size()) {
            LOG.warn("ebay.rows.skipped", kv("rows", rows.size()), kv("skipped", rows.size() - listings.size()));
        }
        Long total = page.wholeNumber("total");
        int shown = total == null ? listings.size() : (int) Math.max(0, Math.min(total, Integer.MAX_VALUE));
        return new EbayPage(listings, page.webUrl("next").flatMap(link -> rebase(link, base)), shown);
    }

    /** One row of a search, or the body of getItem. Empty when it lacks an id, a title or an address. */
    public static Optional<MarketListing> listing(JsonView item) {
        String itemId = item.textOrNull("itemId");
        String title = item.textOrNull("title");
        Optional<String> url = item.webUrl("itemWebUrl");
        if (itemId == null || title == null || url.isEmpty()) {
            return Optional.empty();
        }
        List<String> options = item.texts("buyingOptions");
        boolean auction = options.contains("AUCTION");
        boolean pureAuction = auction && !options.contains("FIXED_PRICE");
        Optional<Money> asked = Money.of(item.view("price"));
        Optional<Money> bid = Money.of(item.view("currentBidPrice"));
        // Nobody can buy a pure auction at its "price": where eBay gives one, it is the bid.
        Optional<Money> price = pureAuction ? Optional.empty() : asked;
        // Old bodies of fixed price items carry a bid as well; only the buying options tell.
        Optional<Money> currentBid =
                pureAuction ? bid.or(() -> asked) : auction || price.isEmpty() ? bid : Optional.empty();
        Optional<Money> main = price.or(() -> currentBid);
        String currency = main.map(Money::currency).orElse(null);
        JsonView amount = price.isPresent() || bid.isEmpty() ? item.view("price") : item.view("currentBidPrice");
        Optional<Money> original = Money.of(amount, "convertedFromValue", "convertedFromCurrency");
        return Optional.of(new MarketListing(
                "ebay",
                itemId,
                url.get(),
                title,
                price.map(Money::value).orElse(null),
                currency,
                currentBid
                        .filter(money -> money.currency().equals(currency))
                        .map(Money::value)
                        .orElse(null),
                item.textOrNull("condition"),
                item.textOrNull("conditionId"),
                item.view("seller").textOrNull("username"),
                item.view("itemLocation").textOrNull("country"),
                null,
                null,
                shipping(item, currency).map(Money::value).orElse(null),
                options,
                Optional.ofNullable(item.instant("itemCreationDate")).orElse(item.instant("itemOriginDate")),
                original.map(Money::value).orElse(null),
                original.map(Money::currency).orElse(null),
                item.fields()));
    }

    /** The cheapest cost that is named. CALCULATED without a cost is unknown, not free. */
    private static Optional<Money> shipping(JsonView item, String currency) {
        return item.views("shippingOptions").stream()
                .map(option -> Money.of(option.view("shippingCost")))
                .flatMap(Optional::stream)
                .filter(cost -> cost.currency().equals(currency))
                .min(Comparator.comparing(Money::value));
    }

    /** The token endpoint's 200. */
    public static Token token(Buffer body) {
        JsonView token = JsonView.parse(body, "eBay auth");
        String value = token.textOrNull("access_token");
        Long expiresIn = token.wholeNumber("expires_in");
        if (value == null) {
            throw ProviderFailure.invalidBody("eBay auth missing access_token");
        }
        if (expiresIn == null || expiresIn <= 0) {
            throw ProviderFailure.invalidBody("eBay auth missing expires_in");
        }
        return new Token(value, expiresIn);
    }

    /** Errors in either shape; empty when the body is something else, such as the text of a proxy. */
    public static List<EbayError> errors(Buffer body) {
        JsonView view;
        try {
            view = JsonView.parse(body, LABEL);
        } catch (ProviderFailure notOurs) {
            return List.of();
        }
        String oauth = view.textOrNull("error");
        if (oauth != null) {
            return List.of(new EbayError(0, oauth));
        }
        return entries(view, "errors");
    }

    /**
     * A closed account, whose data must go.
     *
     * @param notificationId the same for each attempt to deliver it
     * @param username may be an immutable id instead of a name
     * @param userId eBay's id of the account
     */
    public record AccountDeletion(String notificationId, String username, String userId) {}

    /** The message of an account deletion; its signature is the receiver's to check, over the bytes as they came. */
    public static AccountDeletion accountDeletion(JsonView message) {
        JsonView notification = message.view("notification");
        JsonView data = notification.view("data");
        if (!"MARKETPLACE_ACCOUNT_DELETION".equals(message.view("metadata").text("topic"))
                || notification.textOrNull("notificationId") == null) {
            throw ProviderFailure.invalidBody(LABEL + " notification has an unexpected shape");
        }
        return new AccountDeletion(
                notification.text("notificationId"), data.textOrNull("username"), data.textOrNull("userId"));
    }

    /** The public-key call's 200: an elliptic-curve key, its PEM in one line. */
    public static PublicKey notificationKey(Buffer body) {
        JsonView key = JsonView.parse(body, LABEL);
        String pem = key.text("key").replaceAll("-----(BEGIN|END) PUBLIC KEY-----|\\s", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem)));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw ProviderFailure.invalidBody(LABEL + " notification key cannot be read");
        }
    }

    /** Warnings of a 200. */
    public static List<EbayError> warnings(JsonView page) {
        return entries(page, "warnings");
    }

    /** The analytics endpoint's answer, one entry per rate. */
    public static List<Quota> quotas(Buffer body) {
        JsonView view = JsonView.parse(body, LABEL);
        List<Quota> quotas = new ArrayList<>();
        for (JsonView api : view.views("rateLimits")) {
            for (JsonView resource : api.views("resources")) {
                for (JsonView rate : resource.views("rates")) {
                    Long limit = rate.wholeNumber("limit");
                    Long remaining = rate.wholeNumber("remaining");
                    if (limit != null && remaining != null) {
                        quotas.add(new Quota(resource.text("name"), limit, remaining, rate.instant("reset")));
                    }
                }
            }
        }
        return quotas;
    }

    private static void refuseIgnoredFilters(JsonView page) {
        warnings(page).stream()
                .filter(warning -> FATAL_WARNINGS.contains(warning.errorId()))
                .findFirst()
                .ifPresent(warning -> {
                    throw ProviderFailure.of(
                            Kind.INVALID_BODY,
                            ErrorType.REQUEST_IGNORED,
                            LABEL + " ignored a filter (warning " + warning.errorId() + ")");
                });
    }

    private static List<EbayError> entries(JsonView view, String key) {
        return view.views(key).stream()
                .map(entry -> new EbayError(
                        Optional.ofNullable(entry.wholeNumber("errorId")).orElse(0L), entry.text("message")))
                .toList();
    }

    private static Optional<String> rebase(String link, URI base) {
        try {
            URI next = new URI(link);
            String prefix = base.toString().replaceAll("/+$", "");
            return Optional.of(
                    prefix + next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery()));
        } catch (URISyntaxException unreadable) {
            // Without it a sweep stops early; the rows that came are still good.
            LOG.warn("ebay.next.unreadable");
            return Optional.empty();
        }
    }
}
