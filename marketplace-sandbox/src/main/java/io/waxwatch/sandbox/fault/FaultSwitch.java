package io.waxwatch.sandbox.fault;

import java.util.EnumMap;
import java.util.Map;

/** Which fault each provider has just now. Confined to the sandbox's event loop. */
public final class FaultSwitch {

    private final Map<Provider, Fault> faults = new EnumMap<>(Provider.class);

    public void set(Provider provider, Fault fault) {
        faults.put(provider, fault);
    }

    public Fault current(Provider provider) {
        return faults.getOrDefault(provider, Fault.NONE);
    }

    public void clear() {
        faults.clear();
    }

    /** The fault that this call suffers; one with a limited number of times is used up by it. */
    public Fault next(Provider provider, String path) {
        Fault fault = current(provider);
        if (fault.mode() == Fault.Mode.NONE || !path.startsWith(fault.pathPrefix())) {
            return Fault.NONE;
        }
        if (fault.times() == 1) {
            faults.remove(provider);
        } else if (fault.times() > 1) {
            faults.put(provider, fault.withTimes(fault.times() - 1));
        }
        return fault;
    }
}
