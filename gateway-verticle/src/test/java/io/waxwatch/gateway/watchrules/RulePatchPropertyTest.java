package io.waxwatch.gateway.watchrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.gateway.http.ApiException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A change of a rule: what it names is as it says, null is gone, everything else stays, and doing it twice does nothing more. */
class RulePatchPropertyTest {

    private static final Object GONE = new Object();

    @Property
    void a_change_says_all_of_what_changes(
            @ForAll("queries") Map<String, Object> before, @ForAll("changes") Map<String, Object> change) {
        RuleState rule = new RuleState("before", before, true, 600);
        var patch = new RuleInput.Patch(Optional.of("after"), Optional.of(change), Optional.empty(), Optional.of(60));

        RuleState after;
        try {
            after = patch.applyTo(rule);
        } catch (ApiException refused) {
            // A rule of which nothing could come; the change is lost as a whole.
            assertThat(refused.status()).isIn(400, 422);
            return;
        }

        assertThat(after.name()).isEqualTo("after");
        assertThat(after.active()).isTrue();
        assertThat(after.pollIntervalSeconds()).isEqualTo(60);
        var expected = new HashMap<>(before);
        change.forEach((key, value) -> {
            if (value == null) {
                expected.remove(key);
            } else {
                expected.put(key, value);
            }
        });
        assertThat(after.query()).isEqualTo(expected);
        assertThat(patch.applyTo(after)).isEqualTo(after);
    }

    @Provide
    Arbitrary<Map<String, Object>> queries() {
        return changes().map(chosen -> {
            var query = new LinkedHashMap<>(chosen);
            query.values().removeIf(value -> value == null);
            query.putIfAbsent("sources", List.of("ebay"));
            return query;
        });
    }

    @Provide
    Arbitrary<Map<String, Object>> changes() {
        return Combinators.combine(
                        maybe(List.of("tides"), List.of("tides", "harbour")),
                        maybe("tides -live", "-live"),
                        maybe(List.of("ebay"), List.of("discogs", "ebay")),
                        maybe(0, 10, 12.5),
                        maybe(0.0, 11.0, 30.0),
                        maybe("EUR", "USD"),
                        maybe("VG+", "NM"),
                        maybe("mine", 7))
                .as((keywords, q, sources, min, max, currency, grade, own) -> {
                    var change = new LinkedHashMap<String, Object>();
                    put(change, "keywords", keywords);
                    put(change, "q", q);
                    put(change, "sources", sources);
                    put(change, "min_price", min);
                    put(change, "max_price", max);
                    put(change, "currency", currency);
                    put(change, "min_condition", grade);
                    put(change, "colour", own);
                    return change;
                });
    }

    /** One of these, null, or not named. */
    private static Arbitrary<Object> maybe(Object... values) {
        return Arbitraries.oneOf(Arbitraries.of(values), Arbitraries.just(GONE)).injectNull(0.2);
    }

    private static void put(Map<String, Object> change, String key, Object value) {
        if (value != GONE) {
            change.put(key, value);
        }
    }
}
