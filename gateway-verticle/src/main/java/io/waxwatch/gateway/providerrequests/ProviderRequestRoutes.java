package io.waxwatch.gateway.providerrequests;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.waxwatch.common.database.Database;
import io.waxwatch.gateway.auth.Access;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.http.Call;
import io.waxwatch.gateway.http.JsonOut;
import io.waxwatch.gateway.http.Routes;
import io.waxwatch.gateway.pagination.Page;
import io.waxwatch.gateway.validation.Violations;
import java.util.List;

/** {@code /api/provider-requests}: the calls made for a collector, and for administrators those for everybody. */
public final class ProviderRequestRoutes {

    private static final String OWN = "/api/provider-requests";
    private static final String ADMIN = OWN + "/admin";

    private final ProviderRequestLogStore store;

    public ProviderRequestRoutes(Database database) {
        this.store = new ProviderRequestLogStore(database);
    }

    public void mount(Routes routes) {
        routes.add(HttpMethod.GET, OWN, null, this::list);
        routes.add(HttpMethod.GET, OWN + "/summary", null, this::summary);
        routes.add(HttpMethod.GET, ADMIN, null, Access.ADMIN, this::listAll);
        routes.add(HttpMethod.GET, ADMIN + "/summary", null, Access.ADMIN, this::summaryOfAll);
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
