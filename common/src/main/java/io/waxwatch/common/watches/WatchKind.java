package io.waxwatch.common.watches;

/** What a collector can watch with. */
public enum WatchKind {
    RULE("rule"),
    RELEASE("release");

    private final String wireName;

    WatchKind(String wireName) {
        this.wireName = wireName;
    }

    /** As stored. */
    public String wireName() {
        return wireName;
    }

    /** @throws IllegalArgumentException if no kind has this name */
    public static WatchKind ofWireName(String name) {
        for (WatchKind kind : values()) {
            if (kind.wireName.equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no watch kind " + name);
    }
}
