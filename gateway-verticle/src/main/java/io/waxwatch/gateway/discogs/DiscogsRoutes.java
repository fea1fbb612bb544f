package io.waxwatch.gateway.discogs;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.DiscogsDisconnect;
import io.waxwatch.common.bus.BusMessage.DiscogsImport;
import io.waxwatch.common.bus.BusMessage.DiscogsLinkStarted;
import io.waxwatch.common.bus.BusMessage.DiscogsLinked;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.failure.Failure;
import io.waxwatch.common.failure.FailureKind;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.idempotency.IdempotencyReplays;
import io.waxwatch.gateway.idempotency.IdempotentRequest;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.users.Users;
import io.waxwatch.gateway.validation.Violations;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * {@code /api/integrations/discogs}. What asks Discogs, or holds a secret, is the provider's, asked over the bus; what only
 * shows what is stored is answered here.
 */
public final class DiscogsRoutes {

    private static final String OPEN_IN_DISCOGS = "open_imported_item_in_discogs_api_integrations_discogs"
            + "_imported_items__watch_release_id__open_in_discogs_get";
    private static final int MAX_ITEMS = 100;
    private static final int DEFAULT_ITEMS = 25;
    private static final int QUEUE_RETRY_SECONDS = 5;

    private final Bus bus;
    private final Users users;
    private final DiscogsReadStore store;
    private final IdempotencyReplays repeats;
    private final String siteUrl;

    public DiscogsRoutes(Settings settings, Database database, Bus bus, Users users) {
        this.bus = bus;
        this.users = users;
        this.store = new DiscogsReadStore(database);
        this.repeats = new IdempotencyReplays(database);
        this.siteUrl = settings.get(SettingsCatalog.DISCOGS_SITE_URL).toString();
    }

    public void mount(Routes routes) {
        routes.operation("start_discogs_oauth_api_integrations_discogs_oauth_start_post")
                .scopes(RateLimitScope.DISCOGS, RateLimitScope.AUTH_ENDPOINTS)
                .to(this::start);
        routes.operation("complete_discogs_oauth_api_integrations_discogs_oauth_callback_post")
                .scopes(RateLimitScope.DISCOGS, RateLimitScope.AUTH_ENDPOINTS)
                .to(this::finish);
        routes.operation("connect_discogs_api_integrations_discogs_connect_post")
                .scopes(RateLimitScope.DISCOGS)
                .to(this::connect);
        routes.operation("disconnect_discogs_api_integrations_discogs_disconnect_post")
                .scopes(RateLimitScope.DISCOGS)
                .to(this::disconnect);
        routes.operation("discogs_status_api_integrations_discogs_status_get")
                .scopes(RateLimitScope.DISCOGS)
                .to(this::status);
        routes.operation("import_discogs_api_integrations_discogs_import_post")
                .scopes(RateLimitScope.DISCOGS)
                .to(this::startImport);
        routes.operation("get_import_job_api_integrations_discogs_import__job_id__get")
                .scopes(RateLimitScope.DISCOGS)
                .to(this::job);
        routes.operation("list_imported_discogs_items_api_integrations_discogs_imported_items_get")
                .scopes(RateLimitScope.DISCOGS)
                .to(this::items);
        routes.operation(OPEN_IN_DISCOGS).scopes(RateLimitScope.DISCOGS).to(this::open);
    }

    private Future<ApiResponse> start(Call call) {
        var wish = DiscogsInput.start(call);
        return users.requireRow(call.caller())
                .compose(known -> bus.ask(Topics.DISCOGS_LINK_START, wish))
                .map(started -> ApiResponse.ok(json -> write(json, started)));
    }

    private Future<ApiResponse> finish(Call call) {
        return bus.ask(Topics.DISCOGS_LINK_FINISH, DiscogsInput.finish(call)).map(DiscogsRoutes::connected);
    }

    private Future<ApiResponse> connect(Call call) {
        var given = DiscogsInput.connect(call);
        return users.requireRow(call.caller())
                .compose(known -> bus.ask(Topics.DISCOGS_LINK_CONNECT, given))
                .map(DiscogsRoutes::connected);
    }

    private Future<ApiResponse> disconnect(Call call) {
        DiscogsInput.disconnect(call);
        return bus.ask(Topics.DISCOGS_LINK_DISCONNECT, new DiscogsDisconnect(call.userId()))
                .map(done -> ApiResponse.ok(json -> {
                    json.startObject();
                    json.text("provider", "discogs");
                    json.bool("disconnected", done.disconnected());
                    json.endObject();
                }));
    }

    private Future<ApiResponse> status(Call call) {
        return store.status(call.userId()).map(status -> ApiResponse.ok(json -> DiscogsLinkStatus.write(json, status)));
    }

    private Future<ApiResponse> startImport(Call call) {
        DiscogsImport wish = DiscogsInput.startImport(call);
        // An import that is asked for twice in a row is the same one, which is in flight.
        return repeats.once(
                IdempotentRequest.of(call),
                () -> bus.ask(Topics.DISCOGS_IMPORT_START, wish)
                        .recover(cause -> Future.failedFuture(notQueued(cause)))
                        .compose(started -> found(call.userId(), started.jobId())));
    }

    private Future<ApiResponse> job(Call call) {
        return found(call.userId(), call.pathId("job_id"));
    }

    private Future<ApiResponse> items(Call call) {
        var violations = new Violations();
        String source = DiscogsInput.source(call, violations).orElse(null);
        int limit = (int) DiscogsInput.number(call, "limit", 1, MAX_ITEMS, DEFAULT_ITEMS, violations);
        long offset = DiscogsInput.number(call, "offset", 0, Long.MAX_VALUE, 0, violations);
        violations.refuseIfAny();
        return users.requireRow(call.caller())
                .compose(known -> store.items(call.userId(), source, limit, offset))
                .map(items -> ApiResponse.ok(json -> {
                    json.startObject();
                    json.text("source", source);
                    json.number("limit", limit);
                    json.number("offset", offset);
                    json.number("count", items.size());
                    json.startArray("items");
                    for (ImportedItem item : items) {
                        ImportedItem.write(json, item, source, siteUrl);
                    }
                    json.endArray();
                    json.endObject();
                }));
    }

    private Future<ApiResponse> open(Call call) {
        var violations = new Violations();
        UUID id = call.pathId("watch_release_id", violations);
        String source = DiscogsInput.source(call, violations).orElse(null);
        violations.refuseIfAny();
        return store.release(call.userId(), source, id)
                .map(release ->
                        release.orElseThrow(() -> ApiException.http(404, "Imported Discogs item not found for source")))
                .map(release -> ApiResponse.ok(json -> {
                    json.startObject();
                    json.uuid("watch_release_id", id);
                    json.text("source", source);
                    json.text("open_in_discogs_url", ImportedItem.url(siteUrl, release));
                    json.endObject();
                }));
    }

    private Future<ApiResponse> found(UUID userId, UUID jobId) {
        return store.job(userId, jobId)
                .map(job -> job.orElseThrow(() -> ApiException.http(404, "Import job not found")))
                .map(job -> ApiResponse.ok(json -> ImportJob.write(json, job)));
    }

    /** Where no provider answered there is nothing to say but to try again; where one did, it said why. */
    private static Throwable notQueued(Throwable cause) {
        Failure failure = Failure.of(cause);
        return failure.isUnanswered() || failure.kind() == FailureKind.TIMEOUT
                ? ApiException.unavailable(
                        "Discogs import could not be queued. Please retry shortly.", QUEUE_RETRY_SECONDS)
                : failure;
    }

    private static ApiResponse connected(DiscogsLinked linked) {
        return ApiResponse.ok(json -> {
            json.startObject();
            json.text("provider", "discogs");
            json.text("external_user_id", linked.externalUserId());
            json.bool("connected", true);
            json.time("connected_at", OffsetDateTime.parse(linked.connectedAt()));
            json.endObject();
        });
    }

    private static void write(JsonWriter json, DiscogsLinkStarted started) {
        json.startObject();
        json.text("provider", "discogs");
        json.text("authorize_url", started.authorizeUrl());
        json.text("state", started.state());
        json.startArray("scopes");
        for (String scope : started.scopes()) {
            json.text(scope);
        }
        json.endArray();
        json.time("expires_at", OffsetDateTime.parse(started.expiresAt()));
        json.endObject();
    }
}
