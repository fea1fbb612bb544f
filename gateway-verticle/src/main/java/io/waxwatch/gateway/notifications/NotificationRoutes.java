package io.waxwatch.gateway.notifications;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.Call;
import io.waxwatch.gateway.http.Routes;
import io.waxwatch.gateway.pagination.Page;

/** {@code /api/notifications}: the collector's inbox. */
public final class NotificationRoutes {

    private static final String ALL = "/api/notifications";

    private final NotificationInboxStore store;

    public NotificationRoutes(Database database) {
        this.store = new NotificationInboxStore(database);
    }

    public void mount(Routes routes) {
        routes.add(HttpMethod.GET, ALL, null, this::list);
        routes.add(HttpMethod.GET, ALL + "/unread-count", null, this::unread);
        routes.add(HttpMethod.POST, ALL + "/read-all", null, this::readAll);
        routes.add(HttpMethod.POST, ALL + "/:notification_id/read", null, this::read);
    }

    private Future<ApiResponse> list(Call call) {
        Page page = Page.of(call);
        return store.list(call.userId(), page)
                .map(found -> page.answer(call, found, Notification::write, Notification::cursor));
    }

    private Future<ApiResponse> unread(Call call) {
        return store.unread(call.userId()).map(count -> count("unread_count", count));
    }

    private Future<ApiResponse> readAll(Call call) {
        return store.readAll(call.userId()).map(count -> count("read_count", count));
    }

    private static ApiResponse count(String name, long count) {
        return ApiResponse.ok(json -> {
            json.writeStartObject();
            json.writeNumberField(name, count);
            json.writeEndObject();
        });
    }

    private Future<ApiResponse> read(Call call) {
        return store.read(call.userId(), call.pathId("notification_id"))
                .map(found -> found.orElseThrow(() -> ApiException.http(404, "notification not found")))
                .map(notification -> ApiResponse.ok(json -> Notification.write(json, notification)));
    }
}
