package io.waxwatch.gateway.development;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.DevListing;
import io.waxwatch.common.bus.BusMessage.DevListingTaken;
import io.waxwatch.common.bus.BusMessage.DevRuleRan;
import io.waxwatch.common.bus.BusMessage.DevRuleRun;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Numbers;
import io.waxwatch.gateway.validation.Violations;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * {@code /api/dev}: lets a developer hand in a listing, and run a rule out of turn, through the provider's own ingest. For
 * developers' machines only: elsewhere its paths are as unknown as any other.
 */
public final class DevelopmentRoutes {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 50;

    private final Bus bus;
    private final DevelopmentStore store;
    private final Users users;

    public DevelopmentRoutes(Bus bus, Database database, Users users) {
        this.bus = bus;
        this.store = new DevelopmentStore(database);
        this.users = users;
    }

    /** @param development whether this is a developer's machine */
    public void mount(Routes routes, boolean development) {
        routes.operation("ingest_listing_api_dev_listings_ingest_post")
                .onlyIf(development)
                .to(this::ingest);
        routes.operation("run_rule_api_dev_rules__rule_id__run_post")
                .onlyIf(development)
                .to(this::run);
    }

    private Future<ApiResponse> ingest(Call call) {
        DevListing listing = listing(call);
        return users.requireRow(call.caller())
                .compose(known -> bus.ask(Topics.DEV_LISTING, listing))
                .compose(taken -> taken.listingId() == null
                        ? Future.failedFuture(ApiException.http(422, "the listing cannot be stored truthfully"))
                        : store.listing(taken.listingId())
                                .map(stored -> stored.orElseThrow(() -> ApiException.http(404, "listing not found")))
                                .map(stored -> answer(stored, taken)));
    }

    private static DevListing listing(Call call) {
        var violations = new Violations();
        BodyFields body = call.create(violations)
                .require("provider")
                .require("external_id")
                .require("url")
                .require("title")
                .require("price");
        String provider = body.text("provider", 1, 50).orElse("");
        if (body.isNull("price")) {
            body.refuse("price", "a price is needed");
        }
        var listing = new DevListing(
                provider.strip().toLowerCase(Locale.ROOT),
                body.text("external_id", 1, 120).orElse(null),
                body.text("url", 1, 2000).orElse(null),
                body.text("title", 1, 2000).orElse(null),
                body.nullableMoney("price").orElse(null),
                body.currency("currency").orElse("USD"),
                body.nullableText("condition", 0, 30).orElse(null),
                body.nullableText("seller", 0, 120).orElse(null),
                body.nullableText("location", 0, 120).orElse(null),
                boxed(body.nullableWhole("discogs_release_id", 1, Long.MAX_VALUE)),
                boxed(body.nullableWhole("discogs_master_id", 1, Long.MAX_VALUE)),
                body.isNull("raw") ? null : body.kept("raw").orElse(null));
        violations.refuseIfAny();
        if (Provider.fromWireName(provider).isEmpty()) {
            throw ApiException.http(
                    400,
                    "'" + provider + "' is not a valid Provider; give "
                            + Arrays.stream(Provider.values())
                                    .map(Provider::wireName)
                                    .collect(Collectors.joining(", ")));
        }
        return listing;
    }

    private Future<ApiResponse> run(Call call) {
        var violations = new Violations();
        UUID ruleId = call.pathId("rule_id", violations);
        int limit = (int) call.query("limit")
                .map(text -> Numbers.whole(text, List.of("query", "limit"), 1, MAX_LIMIT, violations))
                .orElse(OptionalLong.empty())
                .orElse(DEFAULT_LIMIT);
        violations.refuseIfAny();
        return store.ownsRule(call.userId(), ruleId)
                .compose(owned -> owned
                        ? bus.ask(Topics.DEV_RULE_RUN, new DevRuleRun(ruleId, limit))
                        : Future.failedFuture(ApiException.http(404, "Rule not found")))
                .map(ran -> answer(ruleId, ran));
    }

    private static ApiResponse answer(IngestedListing listing, DevListingTaken taken) {
        return ApiResponse.ok(json -> {
            json.startObject();
            json.name("listing");
            listing.write(json);
            json.bool("created_listing", taken.created());
            json.bool("created_snapshot", taken.repriced());
            json.number("created_matches", taken.matches());
            json.endObject();
        });
    }

    private static ApiResponse answer(UUID ruleId, DevRuleRan ran) {
        return ApiResponse.ok(json -> {
            json.startObject();
            json.text("rule_id", ruleId.toString());
            json.number("fetched", ran.fetched());
            json.number("listings_created", ran.created());
            json.number("snapshots_created", ran.repriced());
            json.number("matches_created", ran.matches());
            json.endObject();
        });
    }

    private static Long boxed(OptionalLong number) {
        return number.isPresent() ? Long.valueOf(number.getAsLong()) : null;
    }
}
