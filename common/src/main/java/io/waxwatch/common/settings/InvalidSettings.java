package io.waxwatch.common.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The environment cannot be used. The message lists every fault, one a line, and never the value of a secret. */
public final class InvalidSettings extends RuntimeException {

    private final List<Fault> faults;

    /**
     * @param name the variable
     * @param text what is wrong and what to write instead
     */
    public record Fault(String name, String text) {
        @Override
        public String toString() {
            return name + ": " + text;
        }
    }

    public InvalidSettings(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /** All faults, in the order of the catalogue. */
    public List<Fault> faults() {
        return faults;
    }
}
