package io.waxwatch.common.outbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the payload of an event about a watch says; nobody else knows its keys. Every part may be null: events of older
 * versions say less, and of some there is nothing to say.
 *
 * @param watch whose alert it is
 * @param offer what was found
 * @param why sentences for the collector
 * @param more what is known here by no name, or is of another type than it should be; kept as it is
 */
public record AlertPayload(Watch watch, Offered offer, List<String> why, JsonObject more) {

    /** The parts that are missing say nothing. */
    public AlertPayload {
        watch = watch == null ? Watch.UNKNOWN : watch;
        offer = offer == null ? Offered.UNKNOWN : offer;
        why = why == null ? null : List.copyOf(why);
        more = more == null ? new JsonObject() : more;
    }

    /**
     * The watch that is satisfied.
     *
     * @param matchType {@code watch_release} or {@code release_floor}; null for a rule
     * @param ruleName null for a watch release
     * @param releaseTitle null for a rule
     * @param matchMode of a watch release, as stored
     */
    public record Watch(String matchType, String ruleName, String releaseTitle, String matchMode) {

        private static final String RELEASE = "watch_release";
        private static final String FLOOR = "release_floor";

        static final Watch UNKNOWN = new Watch(null, null, null, null);

        public static Watch rule(String name) {
            return new Watch(null, name, null, null);
        }

        /** A watch release that a listing satisfies. */
        public static Watch release(String title, String matchMode) {
            return new Watch(RELEASE, null, title, matchMode);
        }

        /** A watch release whose lowest price satisfies it: there is no single listing to tell of. */
        public static Watch floor(String title, String matchMode) {
            return new Watch(FLOOR, null, title, matchMode);
        }

        public boolean isFloor() {
            return FLOOR.equals(matchType);
        }
    }

    /**
     * A listing, or the lowest price among a release's offers.
     *
     * @param priceKind {@code bid} or {@code fixed}
     * @param provider the marketplace, as stored
     * @param url where a collector goes from the API: for a listing our own address, which counts the click
     * @param listingUrl on the marketplace
     * @param numberForSale of a release's offers
     */
    public record Offered(
            String title,
            BigDecimal price,
            String priceKind,
            String currency,
            String condition,
            String seller,
            String location,
            String provider,
            String url,
            String listingUrl,
            Long numberForSale) {

        private static final String BID = "bid";
        private static final String FIXED = "fixed";

        static final Offered UNKNOWN = new Offered(null, null, null, null, null, null, null, null, null, null, null);

        /** How the kind of a price is written. */
        public static String priceKind(boolean isBid) {
            return isBid ? BID : FIXED;
        }

        public boolean isBid() {
            return BID.equals(priceKind);
        }
    }

    /** What is shown as the title: the listing's own, or that of the watched release. */
    public Optional<String> title() {
        return Optional.ofNullable(offer.title()).or(() -> Optional.ofNullable(watch.releaseTitle()));
    }

    /** What the collector calls the watch. */
    public Optional<String> watchName() {
        return Optional.ofNullable(watch.ruleName()).or(() -> Optional.ofNullable(watch.releaseTitle()));
    }

    /** Our own address of the offer, or else the marketplace's. */
    public Optional<String> link() {
        return Optional.ofNullable(offer.url()).or(() -> Optional.ofNullable(offer.listingUrl()));
    }

    /** As stored. What is about a listing has its condition, seller and location, if only to say that they are not known. */
    public JsonObject toJson() {
        JsonObject json = more.copy();
        put(json, "match_type", watch.matchType());
        put(json, "rule_name", watch.ruleName());
        put(json, "watch_release_title", watch.releaseTitle());
        put(json, "watch_match_mode", watch.matchMode());
        put(json, "listing_title", offer.title());
        put(json, "price", offer.price());
        put(json, "price_kind", offer.priceKind());
        put(json, "currency", offer.currency());
        put(json, "condition", offer.condition());
        put(json, "seller", offer.seller());
        put(json, "location", offer.location());
        put(json, "provider", offer.provider());
        put(json, "url", offer.url());
        put(json, "listing_url", offer.listingUrl());
        put(json, "number_for_sale", offer.numberForSale());
        put(json, "why", why == null ? null : new JsonArray(new ArrayList<>(why)));
        if (offer.title() != null && !watch.isFloor()) {
            List.of("condition", "seller", "location").stream()
                    .filter(key -> !json.containsKey(key))
                    .forEach(json::putNull);
        }
        return json;
    }

    /** Reads what any version has stored; null says nothing. */
    public static AlertPayload parse(JsonObject stored) {
        var rest = new Rest(stored == null ? new JsonObject() : stored.copy());
        var watch = new Watch(
                rest.text("match_type"),
                rest.text("rule_name"),
                rest.text("watch_release_title"),
                rest.text("watch_match_mode"));
        var offer = new Offered(
                rest.text("listing_title"),
                rest.decimal("price"),
                rest.text("price_kind"),
                rest.text("currency"),
                rest.text("condition"),
                rest.text("seller"),
                rest.text("location"),
                rest.text("provider"),
                rest.text("url"),
                rest.text("listing_url"),
                rest.whole("number_for_sale"));
        return new AlertPayload(watch, offer, rest.texts("why"), rest.json());
    }

    private static void put(JsonObject json, String key, Object value) {
        if (value != null) {
            json.put(key, value);
        }
    }

    /** What has not been understood yet. */
    private record Rest(JsonObject json) {

        String text(String key) {
            return json.getValue(key) instanceof CharSequence || isNull(key) ? string(json.remove(key)) : null;
        }

        /** Older versions stored prices as text too. */
        BigDecimal decimal(String key) {
            Object value = json.getValue(key);
            if (!(value instanceof Number) && !(value instanceof CharSequence) && !isNull(key)) {
                return null;
            }
            try {
                BigDecimal amount = value == null ? null : new BigDecimal(value.toString());
                json.remove(key);
                return amount;
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }

        Long whole(String key) {
            if (json.getValue(key) instanceof Number number) {
                json.remove(key);
                return number.longValue();
            }
            if (isNull(key)) {
                json.remove(key);
            }
            return null;
        }

        /** Of a list that holds other things too, the sentences. */
        List<String> texts(String key) {
            if (!(json.getValue(key) instanceof JsonArray array)) {
                if (isNull(key)) {
                    json.remove(key);
                }
                return null;
            }
            List<String> texts = array.stream()
                    .filter(CharSequence.class::isInstance)
                    .map(Object::toString)
                    .toList();
            json.remove(key);
            return texts;
        }

        private boolean isNull(String key) {
            return json.containsKey(key) && json.getValue(key) == null;
        }

        private static String string(Object value) {
            return value == null ? null : value.toString();
        }
    }
}
