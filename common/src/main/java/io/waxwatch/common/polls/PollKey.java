package io.waxwatch.common.polls;

import io.waxwatch.common.matching.Provider;
import java.util.Objects;

/**
 * What a poll asks, in one canonical form: equal questions are the same poll. {@link #parse} reads what {@link #text}
 * wrote, and nothing else; nobody else takes a key apart. (Statements find the queries of a sweep as {@link Sweep#queryPrefix}
 * does.)
 */
public sealed interface PollKey {

    /** The marketplace that is asked. */
    Provider provider();

    PollKind kind();

    /** As stored and sent; unique among the keys of one provider and kind. */
    String text();

    /**
     * The same, of names as they are stored and sent.
     *
     * @throws IllegalArgumentException also for an unknown marketplace or kind
     */
    static PollKey parse(String provider, String kind, String text) {
        Provider known = Provider.fromWireName(provider)
                .orElseThrow(() -> new IllegalArgumentException("No marketplace: " + provider));
        return parse(known, PollKind.ofWireName(kind), text);
    }

    /** @throws IllegalArgumentException if no key of this kind is written like this */
    static PollKey parse(Provider provider, PollKind kind, String text) {
        PollKey key = switch (kind) {
            case SWEEP -> {
                String[] parts = parts(kind, text, 2);
                yield new Sweep(parts[0], parts[1]);
            }
            case QUERY -> {
                String[] parts = parts(kind, text, 3);
                yield new Query(parts[0], parts[1], parts[2]);
            }
            case RELEASE -> {
                String[] parts = parts(kind, text, 2);
                yield new Release(Long.parseLong(parts[0]), parts[1]);
            }
            case SHOP -> new Shop(provider, text);
        };
        // Such as a release's leading zero: it would be a second poll for the same question.
        if (key.provider() != provider || !key.text().equals(text)) {
            throw unreadable(kind, text);
        }
        return key;
    }

    /** The newest listings of an eBay category; {@code marketplace|category}. */
    record Sweep(String marketplace, String category) implements PollKey {

        /** Neither part may be empty or hold the separator. */
        public Sweep {
            part(marketplace);
            part(category);
        }

        @Override
        public Provider provider() {
            return Provider.EBAY;
        }

        @Override
        public PollKind kind() {
            return PollKind.SWEEP;
        }

        @Override
        public String text() {
            return marketplace + SEPARATOR + category;
        }

        /** The query for these words on the same marketplace and in the same category. */
        public Query query(String words) {
            return new Query(marketplace, category, words);
        }

        /** How the keys of all those queries begin, and no others. */
        public String queryPrefix() {
            return text() + SEPARATOR;
        }
    }

    /**
     * What an eBay category holds for some words; {@code marketplace|category|words}.
     *
     * @param words see {@link io.waxwatch.common.matching.CanonicalQuery}; the separator may be among them
     */
    record Query(String marketplace, String category, String words) implements PollKey {

        /** No part may be empty, and only the words may hold the separator. */
        public Query {
            part(marketplace);
            part(category);
            some(words);
        }

        @Override
        public Provider provider() {
            return Provider.EBAY;
        }

        @Override
        public PollKind kind() {
            return PollKind.QUERY;
        }

        @Override
        public String text() {
            return marketplace + SEPARATOR + category + SEPARATOR + words;
        }
    }

    /**
     * The Discogs floor of one release; {@code id|currency}.
     *
     * @param currency as the watch has it: in an adopted database it may be anything, so it is judged where it is asked for
     */
    record Release(long id, String currency) implements PollKey {

        public Release {
            Objects.requireNonNull(currency);
        }

        @Override
        public Provider provider() {
            return Provider.DISCOGS;
        }

        @Override
        public PollKind kind() {
            return PollKind.RELEASE;
        }

        @Override
        public String text() {
            return id + SEPARATOR + currency;
        }
    }

    /** The newest inventory of one seller, by name. */
    record Shop(Provider provider, String seller) implements PollKey {

        /** The name may not be empty. */
        public Shop {
            some(seller);
        }

        @Override
        public PollKind kind() {
            return PollKind.SHOP;
        }

        @Override
        public String text() {
            return seller;
        }
    }

    /** Between the parts of a key. */
    String SEPARATOR = "|";

    private static String[] parts(PollKind kind, String text, int count) {
        String[] parts = text.split("\\|", count);
        if (parts.length != count) {
            throw unreadable(kind, text);
        }
        return parts;
    }

    private static void part(String part) {
        some(part);
        if (part.contains(SEPARATOR)) {
            throw new IllegalArgumentException("A part of a poll's key may not hold '|': " + part);
        }
    }

    private static void some(String part) {
        if (part.isEmpty()) {
            throw new IllegalArgumentException("A part of a poll's key may not be empty");
        }
    }

    private static IllegalArgumentException unreadable(PollKind kind, String text) {
        return new IllegalArgumentException("No key of a " + kind.wireName() + " poll: " + text);
    }
}
