package io.waxwatch.sandbox.market;

/**
 * What Discogs tells about all offers of one release.
 *
 * @param lowest null when none is for sale
 */
public record Floor(int numForSale, Money lowest) {

    public static final Floor NONE = new Floor(0, null);

    public Floor {
        if (numForSale < 0 || (numForSale == 0) != (lowest == null)) {
            throw new IllegalArgumentException("a lowest price needs something for sale, and the other way round");
        }
    }

    /** This floor after one more offer. */
    public Floor with(Money offer) {
        boolean lower = lowest == null || offer.in(lowest.currency()).value().compareTo(lowest.value()) < 0;
        return new Floor(numForSale + 1, lower ? offer : lowest);
    }
}
