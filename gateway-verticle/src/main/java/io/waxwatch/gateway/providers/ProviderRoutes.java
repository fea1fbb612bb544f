package io.waxwatch.gateway.providers;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.ProviderQuota;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.providers.EbayDeletionEndpoint;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** {@code /api/providers}: which marketplaces are in use, what for, and why one is not. */
public final class ProviderRoutes {

    private final ProviderCapabilities capabilities;

    private final List<String> ebayWarnings;

    public ProviderRoutes(Settings settings, Bus bus) {
        List<String> missing = EbayDeletionEndpoint.missing(settings);
        this.ebayWarnings = missing.isEmpty()
                ? List.of()
                : List.of(
                        "account deletions of eBay are not taken, so eBay keeps a production keyset disabled unless it is exempt:"
                                + " missing required config: "
                                + String.join(", ", missing).toLowerCase(Locale.ROOT));
        this.capabilities = new ProviderCapabilities(bus);
    }

    public void mount(Routes routes) {
        routes.operation("list_providers_api_providers_get").to(this::list);
    }

    private Future<ApiResponse> list(Call call) {
        boolean admin = call.caller().admin();
        return capabilities
                .list(call.requestId())
                .map(states -> ApiResponse.ok(JsonOut.list(states, (json, state) -> write(json, state, admin))));
    }

    private void write(JsonWriter json, ProviderState state, boolean admin) {
        json.startObject();
        json.text("provider", state.provider());
        json.bool("enabled", state.enabled());
        json.text("reason", state.reason());
        texts(json, "searches", state.searches());
        texts(json, "filters", state.filters());
        if (admin) {
            json.text("breaker", state.breaker());
            quota(json, state.quota());
            boolean ebay = Provider.EBAY.wireName().equals(state.provider());
            texts(json, "warnings", ebay ? ebayWarnings : List.of());
        }
        json.endObject();
    }

    private static void quota(JsonWriter json, ProviderQuota quota) {
        if (quota == null) {
            json.raw("quota", "null");
            return;
        }
        json.startObject("quota");
        json.text("period", quota.period());
        json.number("calls", quota.calls());
        json.whole("used", quota.used());
        json.whole("left", quota.left());
        json.time(
                "reset_at",
                quota.resetAtMillis() == null
                        ? null
                        : Instant.ofEpochMilli(quota.resetAtMillis()).atOffset(ZoneOffset.UTC));
        json.number("held_seconds", quota.heldSeconds());
        json.bool("without_redis", quota.alone());
        json.startArray("lanes");
        for (ProviderQuota.Lane lane : quota.lanes()) {
            json.startObject();
            json.text("name", lane.name());
            json.decimal("share", lane.share());
            json.decimal("saved", lane.saved());
            json.number("used", lane.used());
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private static void texts(JsonWriter json, String name, List<String> texts) {
        json.startArray(name);
        for (String text : texts) {
            json.text(text);
        }
        json.endArray();
    }
}
