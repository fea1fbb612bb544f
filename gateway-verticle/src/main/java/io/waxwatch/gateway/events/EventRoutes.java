package io.waxwatch.gateway.events;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;

/** {@code /api/events}: the collector's activity log. */
public final class EventRoutes {

    private final EventLogStore store;

    public EventRoutes(Database database) {
        this.store = new EventLogStore(database);
    }

    public void mount(Routes routes) {
        routes.operation("list_events_api_events_get").to(this::list);
    }

    private Future<ApiResponse> list(Call call) {
        Page page = Page.of(call);
        return store.list(call.userId(), page).map(found -> page.answer(call, found, Event::write, Event::cursor));
    }
}
