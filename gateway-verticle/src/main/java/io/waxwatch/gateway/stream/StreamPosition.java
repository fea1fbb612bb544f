package io.waxwatch.gateway.stream;

import io.vertx.ext.web.RoutingContext;
import io.waxwatch.gateway.validation.Numbers;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Where a client wants its stream to begin. */
final class StreamPosition {

    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    private StreamPosition() {}

    /**
     * {@code Last-Event-ID}, else {@code ?after=}; empty begins at the present. A header that is no id of ours is passed over: a
     * browser sends what it was given by whoever served this address before, and a refusal would silence it for good.
     */
    static OptionalLong of(RoutingContext rc) {
        String header = rc.request().getHeader("last-event-id");
        if (header != null && ID.matcher(header.strip()).matches()) {
            return OptionalLong.of(Long.parseLong(header.strip()));
        }
        List<String> after = rc.queryParam("after");
        if (after.isEmpty()) {
            return OptionalLong.empty();
        }
        var violations = new Violations();
        OptionalLong id =
                Numbers.whole(after.get(after.size() - 1), List.of("query", "after"), 0, Long.MAX_VALUE, violations);
        violations.refuseIfAny();
        return id;
    }
}
