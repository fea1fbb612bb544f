package io.waxwatch.common.polls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waxwatch.common.matching.Provider;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PollKeyPropertyTest {

    @Property
    void what_is_printed_is_parsed_to_the_same_key(@ForAll("keys") PollKey key) {
        assertThat(PollKey.parse(key.provider(), key.kind(), key.text())).isEqualTo(key);
    }

    @Property
    void what_can_be_parsed_is_printed_as_it_was(
            @ForAll Provider provider, @ForAll PollKind kind, @ForAll("texts") String text) {
        parsed(provider, kind, text).ifPresent(key -> {
            assertThat(key.text()).isEqualTo(text);
            assertThat(key.kind()).isEqualTo(kind);
            assertThat(key.provider()).isEqualTo(provider);
        });
    }

    @Property
    void keys_of_one_kind_that_are_not_equal_are_printed_differently(
            @ForAll("keys") PollKey one, @ForAll("keys") PollKey other) {
        assertThat(one.provider() == other.provider()
                        && one.kind() == other.kind()
                        && one.text().equals(other.text()))
                .isEqualTo(one.equals(other));
    }

    @Property
    void a_query_begins_as_its_own_sweep_says_and_as_no_other_does(
            @ForAll("sweeps") PollKey.Sweep sweep, @ForAll("queries") PollKey.Query query) {
        assertThat(query.text().startsWith(sweep.queryPrefix()))
                .isEqualTo(query.marketplace().equals(sweep.marketplace())
                        && query.category().equals(sweep.category()));
        assertThat(sweep.query(query.words()).text()).startsWith(sweep.queryPrefix());
    }

    @Example
    void a_key_that_we_did_not_write_is_refused() {
        assertThatThrownBy(() -> PollKey.parse(Provider.EBAY, PollKind.SWEEP, "EBAY_US"))
                .hasMessageContaining("sweep");
        assertThatThrownBy(() -> PollKey.parse(Provider.EBAY, PollKind.SWEEP, "EBAY_US|1|blue"))
                .hasMessageContaining("'|'");
        assertThatThrownBy(() -> PollKey.parse(Provider.EBAY, PollKind.QUERY, "EBAY_US|1"))
                .hasMessageContaining("query");
        assertThatThrownBy(() -> PollKey.parse(Provider.DISCOGS, PollKind.RELEASE, "007|USD"))
                .hasMessageContaining("release");
        assertThatThrownBy(() -> PollKey.parse(Provider.DISCOGS, PollKind.RELEASE, "x|USD"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PollKey.parse(Provider.EBAY, PollKind.RELEASE, "7|USD"))
                .hasMessageContaining("release");
        assertThatThrownBy(() -> PollKey.parse("amazon", "shop", "x")).hasMessageContaining("amazon");
        assertThatThrownBy(() -> new PollKey.Sweep("EBAY|US", "1")).hasMessageContaining("'|'");
        assertThatThrownBy(() -> new PollKey.Shop(Provider.EBAY, "")).hasMessageContaining("empty");
    }

    private static Optional<PollKey> parsed(Provider provider, PollKind kind, String text) {
        try {
            return Optional.of(PollKey.parse(provider, kind, text));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("|07aé ").ofMaxLength(8);
    }

    /** Few, so that two of them are often equal, or one begins with the other. */
    private static Arbitrary<String> parts() {
        return Arbitraries.strings().withChars("17").ofMinLength(1).ofMaxLength(2);
    }

    @Provide
    Arbitrary<PollKey.Sweep> sweeps() {
        return Combinators.combine(parts(), parts()).as(PollKey.Sweep::new);
    }

    @Provide
    Arbitrary<PollKey.Query> queries() {
        return Combinators.combine(parts(), parts(), texts().filter(words -> !words.isEmpty()))
                .as(PollKey.Query::new);
    }

    @Provide
    Arbitrary<PollKey> keys() {
        Arbitrary<PollKey> releases =
                Combinators.combine(Arbitraries.longs(), texts()).as(PollKey.Release::new);
        Arbitrary<PollKey> shops = Combinators.combine(
                        Arbitraries.of(Provider.class), texts().filter(name -> !name.isEmpty()))
                .as(PollKey.Shop::new);
        return Arbitraries.oneOf(sweeps(), queries(), releases, shops);
    }
}
