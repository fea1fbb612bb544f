package io.waxwatch.common.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides whether an offer is a watched release, at its target price and grade, and says why.
 *
 * <p>Ids decide where the offer has the one that is needed: the release id in exact mode, the master id in master mode (the
 * watch's own release counts there too). Only an offer that does not say is recognised by its title, which must have
 * every significant word of artist and title as a whole word.
 */
public final class ReleaseMatcher {
    private ReleaseMatcher() {}

    /** Judges identity, then target price, then grade. */
    public static Decision decide(ReleaseWatch watch, Offer offer) {
        List<Clause> clauses = new ArrayList<>();
        clauses.add(identity(watch, offer));
        if (watch.targetPrice() != null) {
            clauses.add(PriceCriterion.HIGHEST.verdict(watch.targetPrice(), watch.currency(), offer));
        }
        if (watch.minCondition() != null) {
            clauses.add(GradeCriterion.verdict(watch.minCondition(), offer));
        }
        return Decision.of(clauses);
    }

    private static Clause identity(ReleaseWatch watch, Offer offer) {
        String expected = watch.mode() == ReleaseWatch.Mode.MASTER && watch.masterId() != null
                ? "Discogs master " + watch.masterId()
                : "Discogs release " + watch.releaseId();
        String seen = offer.discogsReleaseId() != null
                ? "Discogs release " + offer.discogsReleaseId()
                : "Discogs master " + offer.discogsMasterId();
        return switch (byId(watch.releaseId(), watch.masterId(), watch.mode(), offer)) {
            case PASS -> new Clause(Clause.RELEASE, Outcome.PASS, expected, seen);
            case FAIL -> new Clause(Clause.RELEASE, Outcome.FAIL, expected, seen);
            case UNKNOWN -> byTitle(watch, offer);
        };
    }

    /** What the ids alone say; unknown when the offer lacks the id that would decide. */
    static Outcome byId(long releaseId, Long masterId, ReleaseWatch.Mode mode, Offer offer) {
        Long offeredRelease = offer.discogsReleaseId();
        Long offeredMaster = offer.discogsMasterId();
        if (offeredRelease != null && offeredRelease == releaseId) {
            return Outcome.PASS;
        }
        if (mode == ReleaseWatch.Mode.EXACT && offeredRelease != null) {
            return Outcome.FAIL;
        }
        if (masterId == null || offeredMaster == null) {
            return Outcome.UNKNOWN;
        }
        if (!masterId.equals(offeredMaster)) {
            return Outcome.FAIL;
        }
        // The same master does not make it the same release.
        return mode == ReleaseWatch.Mode.MASTER ? Outcome.PASS : Outcome.UNKNOWN;
    }

    private static Clause byTitle(ReleaseWatch watch, Offer offer) {
        Set<String> words = watch.significantWords();
        String expected = watch.artist() == null ? watch.title() : watch.artist() + " - " + watch.title();
        String title = TitleText.fold(offer.title());
        if (words.isEmpty()) {
            return new Clause(Clause.RELEASE_TITLE, Outcome.UNKNOWN, expected, title);
        }
        boolean all = words.stream().allMatch(word -> Phrases.wholeIn(title, word));
        return new Clause(Clause.RELEASE_TITLE, all ? Outcome.PASS : Outcome.FAIL, expected, title);
    }

    /** One of its own clauses as a sentence for the collector. */
    static String sentence(Clause clause) {
        boolean passed = clause.outcome() == Outcome.PASS;
        return switch (clause.name()) {
            case Clause.RELEASE ->
                passed ? "it is " + clause.expected() : "it is " + clause.seen() + ", not " + clause.expected();
            case Clause.RELEASE_TITLE ->
                switch (clause.outcome()) {
                    case PASS -> "title has every word of \"" + clause.expected() + "\"";
                    case FAIL -> "title lacks a word of \"" + clause.expected() + "\"";
                    case UNKNOWN -> "the offer does not say which release it is";
                };
            default -> throw new IllegalArgumentException(clause.name());
        };
    }
}
