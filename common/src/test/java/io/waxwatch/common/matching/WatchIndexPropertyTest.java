package io.waxwatch.common.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The index must give exactly what asking every watch in turn gives, whatever was added, changed and taken out before. */
class WatchIndexPropertyTest {
    /** Shared prefixes, folding, words of one letter, hash collisions of String#hashCode, stop words. */
    private static final List<String> WORDS = List.of(
            "art",
            "artist",
            "Ar",
            "a",
            "party",
            "blue",
            "Blues",
            "harbour",
            "harbours",
            "Björk",
            "bjork",
            "日本",
            "日本盤",
            "カ",
            "ガ",
            "lp",
            "the",
            "an",
            "c0",
            "anan",
            "c0c0",
            "𝒳yz",
            "ΟΔΟΣ",
            "Οδός",
            "vinyl");

    private static final List<BigDecimal> PRICES = List.of(
            new BigDecimal("0"),
            new BigDecimal("10"),
            new BigDecimal("10.00"),
            new BigDecimal("10.0001"),
            new BigDecimal("10.00005"),
            new BigDecimal("9.99999999"),
            new BigDecimal("25"),
            new BigDecimal("-1"),
            new BigDecimal("-0.00001"),
            new BigDecimal("99999999999999"),
            new BigDecimal("123456789012345678901234567890"),
            new BigDecimal("1E+1000"),
            new BigDecimal("1E-1000"));

    private record Watch(RuleQuery rule, ReleaseWatch release) {
        boolean matches(Offer offer) {
            return rule != null
                    ? RuleMatcher.decide(rule, offer).matched()
                    : ReleaseMatcher.decide(release, offer).matched();
        }
    }

    /** A null watch takes the id out. */
    private record Step(UUID id, Watch watch, Offer offer) {}

    @Property(tries = 1500)
    void index_equals_brute_force_under_any_interleaving(@ForAll("histories") List<Step> history) {
        WatchIndex index = new WatchIndex();
        Map<UUID, Watch> model = new HashMap<>();
        for (Step step : history) {
            apply(index, model, step);
            assertThat(index.size()).isEqualTo(model.size());
            assertAgreement(index, model, step.offer());
        }
        for (UUID id : Set.copyOf(model.keySet())) {
            assertThat(index.remove(id)).isTrue();
            model.remove(id);
            assertAgreement(index, model, history.get(0).offer());
        }
        assertThat(index.size()).isZero();
    }

    private static void apply(WatchIndex index, Map<UUID, Watch> model, Step step) {
        Watch watch = step.watch();
        if (watch == null) {
            assertThat(index.remove(step.id())).isEqualTo(model.remove(step.id()) != null);
        } else {
            model.put(step.id(), watch);
            if (watch.rule() != null) {
                index.putRule(step.id(), watch.rule());
            } else {
                index.putRelease(step.id(), watch.release());
            }
        }
    }

    private static void assertAgreement(WatchIndex index, Map<UUID, Watch> model, Offer offer) {
        Set<UUID> rules = new HashSet<>();
        Set<UUID> releases = new HashSet<>();
        model.forEach((id, watch) -> {
            if (watch.matches(offer)) {
                (watch.rule() != null ? rules : releases).add(id);
            }
        });
        Hits hits = index.match(offer);
        assertThat(hits.rules()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(rules);
        assertThat(hits.releases()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(releases);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<UUID> ids = Arbitraries.integers().between(0, 24).map(n -> new UUID(n % 3, n));
        Arbitrary<Watch> watches = Arbitraries.frequencyOf(
                Tuple.of(6, rules()), Tuple.of(4, releases()), Tuple.of(3, Arbitraries.just((Watch) null)));
        return Combinators.combine(ids, watches, offers())
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    private static Arbitrary<String> phrase(int longest) {
        return Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(longest).map(words -> String.join(" ", words));
    }

    private static Arbitrary<Watch> rules() {
        return Combinators.combine(
                        Arbitraries.of(Provider.class).set().ofMaxSize(2),
                        phrase(3).list().ofMaxSize(3),
                        phrase(2).list().ofMaxSize(1),
                        Arbitraries.of(PRICES).injectNull(0.7),
                        Arbitraries.of(PRICES).injectNull(0.6),
                        Arbitraries.of("usd", "EUR", "").injectNull(0.5),
                        Arbitraries.of(Grade.class).injectNull(0.7))
                .as((sources, keywords, excluded, min, max, currency, grade) ->
                        new Watch(new RuleQuery(sources, keywords, excluded, min, max, currency, grade), null));
    }

    private static Arbitrary<Watch> releases() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 4),
                        Arbitraries.longs().between(0, 3).injectNull(0.3),
                        Arbitraries.of(ReleaseWatch.Mode.class),
                        phrase(2),
                        phrase(1).map(artist -> artist + " (2)").injectNull(0.2),
                        Arbitraries.of(PRICES).injectNull(0.6),
                        Arbitraries.of("EUR", "USD"),
                        Arbitraries.of(Grade.class).injectNull(0.7))
                .as((release, master, mode, title, artist, target, currency, grade) -> new Watch(
                        null, new ReleaseWatch(release, master, mode, title, artist, target, currency, grade)));
    }

    private static Arbitrary<Offer> offers() {
        return Combinators.combine(
                        Arbitraries.of(Provider.EBAY, Provider.DISCOGS),
                        phrase(8),
                        Arbitraries.of(PRICES).injectNull(0.2),
                        Arbitraries.of("USD", "eur", "GBP").injectNull(0.1),
                        Arbitraries.of("VG+", "Used", "New", "poor").injectNull(0.2),
                        Arbitraries.longs().between(0, 4).injectNull(0.6),
                        Arbitraries.longs().between(0, 3).injectNull(0.6))
                .as(Offer::new);
    }
}
