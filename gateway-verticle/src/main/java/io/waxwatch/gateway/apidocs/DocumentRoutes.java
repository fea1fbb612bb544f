package io.waxwatch.gateway.apidocs;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.InlinePage;
import io.waxwatch.gateway.routing.Routes;
import java.util.Map;

/**
 * {@code /openapi.json}, and the same for people at {@code /docs} and {@code /redoc}. Without a token, outside every
 * budget, and without any other host.
 */
public final class DocumentRoutes {

    private final String title;
    private Buffer document;

    public DocumentRoutes(Settings settings) {
        this.title = settings.get(SettingsCatalog.APP_NAME);
    }

    /** Adds them; call it when every other route is there, because the document lists only what is offered. */
    public void mount(Routes routes) {
        var page = InlinePage.load(DocumentRoutes.class, Map.of());
        routes.operation("docs_docs_get").toHandler(page);
        routes.operation("redoc_redoc_get").toHandler(page);
        routes.operation("openapi_openapi_json_get").toHandler(this::serve);
        document = ApiDocument.offered(title, routes.offered()).toBuffer();
    }

    private void serve(RoutingContext rc) {
        rc.response().putHeader("content-type", "application/json").end(document);
    }
}
