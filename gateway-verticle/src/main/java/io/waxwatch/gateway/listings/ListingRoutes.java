package io.waxwatch.gateway.listings;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;

/** {@code /api/listings}: one stored listing, which all collectors share, with its prices. */
public final class ListingRoutes {

    private final ListingReadStore store;

    public ListingRoutes(Database database) {
        this.store = new ListingReadStore(database);
    }

    public void mount(Routes routes) {
        routes.operation("get_listing_api_listings__listing_id__get").to(this::get);
    }

    private Future<ApiResponse> get(Call call) {
        return store.find(call.pathId("listing_id"))
                .map(found -> found.orElseThrow(() -> ApiException.http(404, "listing not found")))
                .map(detail -> ApiResponse.ok(json -> ListingDetail.write(json, detail)));
    }
}
