package io.waxwatch.common.telemetry;

import static net.logstash.logback.argument.StructuredArguments.kv;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a registry from growing for ever, whatever a label turns out to hold: a meter has so many combinations of label values
 * and the registry so many samples; what comes on top of that is not recorded, but counted. The labels are bounded where they
 * are made; this is for the one that was overlooked.
 */
final class SeriesCap implements MeterFilter {

    private static final Logger log = LoggerFactory.getLogger(SeriesCap.class);

    private final int perMeter;
    private final int samplesInAll;
    private final ToIntFunction<Meter.Id> samplesOf;
    private final Map<String, AtomicInteger> combinations = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicInteger samples = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    /**
     * @param perMeter most combinations of one meter's label values
     * @param samplesInAll most samples of all meters together, about a line of {@code /metrics} each
     * @param samplesOf how many samples a meter shows
     */
    SeriesCap(int perMeter, int samplesInAll, ToIntFunction<Meter.Id> samplesOf) {
        this.perMeter = perMeter;
        this.samplesInAll = samplesInAll;
        this.samplesOf = samplesOf;
    }

    /** Begins to count; before the first meter. */
    void guard(MeterRegistry registry) {
        registry.config().meterFilter(this);
        registry.config().onMeterAdded(added -> {
            samples.addAndGet(samplesOf.applyAsInt(added.getId()));
            combinationsOf(added.getId()).incrementAndGet();
        });
        registry.config().onMeterRemoved(removed -> {
            samples.addAndGet(-samplesOf.applyAsInt(removed.getId()));
            combinationsOf(removed.getId()).decrementAndGet();
        });
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        if (combinationsOf(id).get() < perMeter && samples.get() + samplesOf.applyAsInt(id) <= samplesInAll) {
            return MeterFilterReply.NEUTRAL;
        }
        refused.increment();
        if (told.add(id.getName())) {
            log.warn("metrics.series_refused", kv("meter", id.getName()), kv("samples", samples.get()));
        }
        return MeterFilterReply.DENY;
    }

    private AtomicInteger combinationsOf(Meter.Id id) {
        return combinations.computeIfAbsent(id.getName(), first -> new AtomicInteger());
    }

    /** How many samples there are. */
    int samples() {
        return samples.get();
    }

    /** How often a combination was not recorded; one that comes again counts again. */
    long refused() {
        return refused.sum();
    }
}
