package io.waxwatch.gateway.outbound;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.users.Users;
import java.util.UUID;

/** {@code /api/outbound}: leads to the marketplace, and remembers who went there. */
public final class OutboundRoutes {

    /** Longer ones are cut: nobody reads them, and they would fill the table. */
    private static final int MAX_REFERRER = 2000;

    private final ClickStore clicks;
    private final EbayLinks links;
    private final Users users;

    public OutboundRoutes(Settings settings, Database database, Users users) {
        this.clicks = new ClickStore(database);
        this.links = EbayLinks.from(settings);
        this.users = users;
    }

    public void mount(Routes routes) {
        routes.operation("redirect_ebay_outbound_api_outbound_ebay__listing_id__get")
                .to(this::follow);
    }

    private Future<ApiResponse> follow(Call call) {
        UUID listingId = call.pathId("listing_id");
        return users.requireRow(call.caller())
                .compose(known -> clicks.url(listingId))
                .map(url -> url.orElseThrow(() -> ApiException.http(404, "listing not found")))
                .map(url -> links.destination(url)
                        .orElseThrow(() -> ApiException.http(404, "listing destination unavailable")))
                .compose(destination -> clicks.click(call.userId(), listingId, referrer(call))
                        .map(clicked -> ApiResponse.redirect(destination)));
    }

    private static String referrer(Call call) {
        return call.header("referer")
                .map(text -> text.length() <= MAX_REFERRER ? text : text.substring(0, MAX_REFERRER))
                .orElse(null);
    }
}
