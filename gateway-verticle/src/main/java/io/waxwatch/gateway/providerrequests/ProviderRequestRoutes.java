package io.waxwatch.gateway.providerrequests;

import io.vertx.core.Future;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;

/** {@code /api/provider-requests}: the calls made for a collector, and for administrators those for everybody. */
public final class ProviderRequestRoutes {

    private final ProviderRequestLogStore store;

    public ProviderRequestRoutes(Database database) {
        this.store = new ProviderRequestLogStore(database);
    }

    public void mount(Routes routes) {
        routes.operation("list_provider_requests_api_provider_requests_get").to(this::list);
        routes.operation("provider_request_summary_api_provider_requests_summary_get")
                .to(this::summary);
        routes.operation("list_provider_requests_admin_api_provider_requests_admin_get")
                .access(Access.ADMIN)
                .to(this::listAll);
        routes.operation("provider_request_summary_admin_api_provider_requests_admin_summary_get")
                .access(Access.ADMIN)
                .to(this::summaryOfAll);
    }

    private Future<ApiResponse> list(Call call) {
        Page page = Page.of(call);
        return store.list(Filters.ofUser(call.userId()), page)
                .map(found -> page.answer(call, found, ProviderRequest::write, ProviderRequest::cursor));
    }

    private Future<ApiResponse> summary(Call call) {
        return store.summary(Filters.ofUser(call.userId())).map(ProviderRequestRoutes::answer);
    }

    private Future<ApiResponse> listAll(Call call) {
        var violations = new Violations();
        Filters filters = Filters.of(call, violations);
        Page page = Page.of(call, violations);
        return store.list(filters.consistent(), page)
                .map(found -> page.answer(call, found, ProviderRequest::writeForAdmin, ProviderRequest::cursor));
    }

    private Future<ApiResponse> summaryOfAll(Call call) {
        var violations = new Violations();
        Filters filters = Filters.of(call, violations);
        violations.refuseIfAny();
        return store.summary(filters.consistent()).map(ProviderRequestRoutes::answer);
    }

    private static ApiResponse answer(List<ProviderSummary> summaries) {
        return ApiResponse.ok(JsonOut.list(summaries, ProviderSummary::write));
    }
}
