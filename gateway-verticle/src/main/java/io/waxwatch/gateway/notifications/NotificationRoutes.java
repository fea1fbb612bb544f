package io.waxwatch.gateway.notifications;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;

/** {@code /api/notifications}: the collector's inbox. */
public final class NotificationRoutes {

    private final NotificationInboxStore store;

    public NotificationRoutes(Database database) {
        this.store = new NotificationInboxStore(database);
    }

    public void mount(Routes routes) {
        routes.operation("list_notifications_api_notifications_get").to(this::list);
        routes.operation("unread_count_api_notifications_unread_count_get").to(this::unread);
        routes.operation("mark_all_notifications_read_api_notifications_read_all_post")
                .to(this::readAll);
        routes.operation("mark_notification_read_api_notifications__notification_id__read_post")
                .to(this::read);
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
            json.startObject();
            json.number(name, count);
            json.endObject();
        });
    }

    private Future<ApiResponse> read(Call call) {
        return store.read(call.userId(), call.pathId("notification_id"))
                .map(found -> found.orElseThrow(() -> ApiException.http(404, "notification not found")))
                .map(notification -> ApiResponse.ok(json -> Notification.write(json, notification)));
    }
}
