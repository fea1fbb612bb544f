package io.waxwatch.gateway.discogs;

import io.vertx.core.json.JsonObject;
import io.waxwatch.common.bus.BusMessage.DiscogsConnect;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkFinish;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStart;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Numbers;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;
import java.util.Optional;

/** Reads and checks what callers send about their Discogs account, in the contract's words. */
final class DiscogsInput {

    private static final List<String> SOURCES = List.of("wantlist", "collection");
    private static final List<String> SCOPES = List.of("wantlist", "collection", "both");
    /** No bound but that of the body. */
    private static final int MAX_SECRET = 64 * 1024;

    private DiscogsInput() {}

    static DiscogsLinkStart start(Call call) {
        var violations = new Violations();
        Optional<List<String>> scopes = call.create(violations).nullableTexts("scopes");
        if (scopes.isPresent() && scopes.get().isEmpty()) {
            violations.add(
                    "too_short",
                    List.of("body", "scopes"),
                    "List should have at least 1 item after validation, not 0",
                    scopes.get(),
                    new JsonObject()
                            .put("field_type", "List")
                            .put("min_length", 1)
                            .put("actual_length", 0));
        }
        violations.refuseIfAny();
        return new DiscogsLinkStart(call.userId(), scopes.orElse(List.of()));
    }

    static DiscogsLinkFinish finish(Call call) {
        var violations = new Violations();
        BodyFields body = call.create(violations).hide("code").require("state").require("code");
        Optional<String> state = body.text("state", 8, MAX_SECRET);
        Optional<String> code = body.text("code", 1, MAX_SECRET);
        violations.refuseIfAny();
        return new DiscogsLinkFinish(call.userId(), state.orElseThrow(), code.orElseThrow());
    }

    static DiscogsConnect connect(Call call) {
        var violations = new Violations();
        BodyFields body = call.create(violations).hide("access_token").require("external_user_id");
        Optional<String> account = body.text("external_user_id", 1, 120);
        Optional<String> token = body.nullableText("access_token", 1, MAX_SECRET);
        Optional<String> metadata = body.isNull("token_metadata") ? Optional.empty() : body.kept("token_metadata");
        violations.refuseIfAny();
        return new DiscogsConnect(call.userId(), account.orElseThrow(), token.orElse(null), metadata.orElse(null));
    }

    /** {@code revoke} is checked and makes no difference: Discogs has nothing to revoke with. */
    static void disconnect(Call call) {
        var violations = new Violations();
        call.create(violations).bool("revoke");
        violations.refuseIfAny();
    }

    static DiscogsImport startImport(Call call) {
        var violations = new Violations();
        Optional<String> source = call.create(violations).word("source", SCOPES);
        violations.refuseIfAny();
        return new DiscogsImport(call.userId(), source.orElse("both"));
    }

    /** The required {@code source} of the lists of imported items. */
    static Optional<String> source(Call call, Violations violations) {
        Optional<String> source = call.query("source");
        if (source.isEmpty()) {
            violations.missing(List.of("query", "source"), null);
            return source;
        }
        if (!SOURCES.contains(source.get())) {
            String expected = "'wantlist' or 'collection'";
            violations.add(
                    "literal_error",
                    List.of("query", "source"),
                    "Input should be " + expected,
                    source.get(),
                    new JsonObject().put("expected", expected));
        }
        return source;
    }

    /** A whole number of the query within bounds. */
    static long number(Call call, String name, long min, long max, long otherwise, Violations violations) {
        return call.query(name)
                .map(text -> Numbers.whole(text, List.of("query", name), min, max, violations)
                        .orElse(otherwise))
                .orElse(otherwise);
    }
}
