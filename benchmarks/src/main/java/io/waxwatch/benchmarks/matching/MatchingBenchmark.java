package io.waxwatch.benchmarks.matching;

import io.waxwatch.common.matching.Hits;
import io.waxwatch.common.matching.Offer;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.matching.WatchIndex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Titles matched a second, on one thread, against an index of rules of three keywords, half of them with a price cap.
 *
 * <p>Words of rules and titles (eight a title) come from one vocabulary of 50,000 whose frequency falls with the rank to the
 * power {@code skew}. At 1.0 the same few words fill rules and titles alike: a title then satisfies some 420 of a million
 * rules, and writing those down is most of the work. At 0.8 it satisfies about 10. The counter {@code hits} divided by
 * the score is the number of rules a title satisfies. {@code change} is one removal and one addition.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "-XX:+UseSerialGC"})
public class MatchingBenchmark {
    private static final int VOCABULARY = 50_000;
    private static final int TITLES = 16_384;
    private static final int TITLE_WORDS = 8;
    private static final int KEYWORDS = 3;
    private static final List<String> SYLLABLES = List.of(
            "ba", "ko", "ri", "ta", "mu", "sen", "lo", "vi", "dar", "po", "ne", "sha", "gu", "el", "an", "tor", "fi",
            "zu", "ma", "re");

    /** Rules matched, beside titles matched. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counters {
        public long hits;
    }

    @Param({"1000", "100000", "1000000"})
    public int rules;

    @Param({"0.8", "1.0"})
    public double skew;

    private final SplittableRandom random = new SplittableRandom(42);
    private final String[] words = new String[VOCABULARY];
    private final double[] cumulative = new double[VOCABULARY];
    private final Offer[] offers = new Offer[TITLES];
    private WatchIndex index;
    private int next;

    /** Fills the index and makes the titles. */
    @Setup(Level.Trial)
    public void fill() {
        fillIndex();
        for (int i = 0; i < TITLES; i++) {
            List<String> title = new ArrayList<>();
            for (int w = 0; w < TITLE_WORDS; w++) {
                title.add(word());
            }
            BigDecimal price = BigDecimal.valueOf(random.nextInt(10, 100));
            offers[i] = new Offer(Provider.EBAY, String.join(" ", title), price, "USD", "Used", null, null);
        }
    }

    /** Fills the index; answers what heap it takes, in bytes. */
    long fillIndex() {
        makeVocabulary();
        long before = heapInUse();
        index = new WatchIndex();
        for (int i = 0; i < rules; i++) {
            index.putRule(id(i), rule(i));
        }
        return heapInUse() - before;
    }

    @Benchmark
    public Hits titles(Counters counters) {
        Hits hits = index.match(offers[next++ & (TITLES - 1)]);
        counters.hits += hits.rules().size();
        return hits;
    }

    @Benchmark
    public int change() {
        int changed = random.nextInt(rules);
        index.putRule(id(changed), rule(changed));
        return index.size();
    }

    private RuleQuery rule(int number) {
        Set<String> keywords = new LinkedHashSet<>();
        while (keywords.size() < KEYWORDS) {
            keywords.add(word());
        }
        BigDecimal cap = number % 2 == 0 ? BigDecimal.valueOf(random.nextInt(5, 105)) : null;
        return new RuleQuery(Set.of(Provider.EBAY), List.copyOf(keywords), List.of(), null, cap, "USD", null);
    }

    private static UUID id(int number) {
        return new UUID(number * 0x9E3779B97F4A7C15L, number);
    }

    private void makeVocabulary() {
        Set<String> distinct = new LinkedHashSet<>();
        while (distinct.size() < VOCABULARY) {
            StringBuilder word = new StringBuilder();
            for (int syllables = 1 + random.nextInt(4); syllables > 0; syllables--) {
                word.append(SYLLABLES.get(random.nextInt(SYLLABLES.size())));
            }
            distinct.add(word.toString());
        }
        distinct.toArray(words);
        double sum = 0;
        for (int rank = 0; rank < VOCABULARY; rank++) {
            sum += 1 / Math.pow(rank + 1, skew);
            cumulative[rank] = sum;
        }
    }

    private String word() {
        int rank = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[VOCABULARY - 1]);
        return words[rank < 0 ? -rank - 1 : rank];
    }

    private static long heapInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
