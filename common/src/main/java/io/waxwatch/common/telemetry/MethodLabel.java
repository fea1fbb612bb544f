package io.waxwatch.common.telemetry;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.spi.observability.HttpRequest;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An HTTP method as a label. Anybody can invent methods, and a label that took them as they come would make new series for
 * ever: whatever no route has is {@code other}.
 */
public final class MethodLabel {

    /** The methods that requests to us may have. */
    public static final Set<String> KNOWN = Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");

    private static final String OTHER = "other";
    private static final Map<String, Tags> TAGS =
            KNOWN.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), MethodLabel::tags));
    private static final Tags OTHER_TAGS = tags(OTHER);

    private MethodLabel() {}

    /** The method, or {@code other}. */
    public static String of(String method) {
        return KNOWN.contains(method) ? method : OTHER;
    }

    /** The same for the metrics of Vert.x, whose own label takes methods as they come. */
    public static Iterable<Tag> of(HttpRequest request) {
        return TAGS.getOrDefault(request.method().name(), OTHER_TAGS);
    }

    private static Tags tags(String method) {
        return Tags.of("method", method);
    }
}
