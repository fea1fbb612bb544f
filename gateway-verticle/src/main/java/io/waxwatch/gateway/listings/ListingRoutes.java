package io.waxwatch.gateway.listings;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.Call;
import io.waxwatch.gateway.http.Routes;

/** {@code /api/listings}: one stored listing, which all collectors share, with its prices. */
public final class ListingRoutes {

    private final ListingReadStore store;

    public ListingRoutes(Database database) {
        this.store = new ListingReadStore(database);
    }

    public void mount(Routes routes) {
        routes.add(HttpMethod.GET, "/api/listings/:listing_id", null, this::get);
    }

    private Future<ApiResponse> get(Call call) {
        return store.find(call.pathId("listing_id"))
                .map(found -> found.orElseThrow(() -> ApiException.http(404, "listing not found")))
                .map(detail -> ApiResponse.ok(json -> ListingDetail.write(json, detail)));
    }
}
