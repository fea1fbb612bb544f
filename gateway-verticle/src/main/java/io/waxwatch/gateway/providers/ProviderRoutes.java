package io.waxwatch.gateway.providers;

import io.vertx.core.Future;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.ProviderState;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.http.JsonWriter;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import java.util.List;

/** {@code /api/providers}: which marketplaces are in use, what for, and why one is not. */
public final class ProviderRoutes {

    private final ProviderCapabilities capabilities;

    public ProviderRoutes(Bus bus) {
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

    private static void write(JsonWriter json, ProviderState state, boolean admin) {
        json.startObject();
        json.text("provider", state.provider());
        json.bool("enabled", state.enabled());
        json.text("reason", state.reason());
        texts(json, "searches", state.searches());
        texts(json, "filters", state.filters());
        if (admin) {
            json.text("breaker", state.breaker());
        }
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
