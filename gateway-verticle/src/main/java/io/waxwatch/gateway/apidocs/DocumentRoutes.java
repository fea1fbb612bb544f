package io.waxwatch.gateway.apidocs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.gateway.http.InlinePage;
import io.waxwatch.gateway.http.Routes;
import java.util.List;
import java.util.Map;

/**
 * {@code /openapi.json}, and the same for people at {@code /docs} and {@code /redoc}. Without a token, outside every
 * budget, and without any other host.
 */
public final class DocumentRoutes {

    private static final String JSON = "/openapi.json";
    private static final List<String> PAGES = List.of("/docs", "/redoc");

    private final String title;

    public DocumentRoutes(Settings settings) {
        this.title = settings.get(SettingsCatalog.APP_NAME);
    }

    /** Adds them; call it when every other route is there, because the document lists only what is. */
    public void mount(Router router, Routes routes) {
        routes.allow(JSON, HttpMethod.GET);
        var page = InlinePage.load(DocumentRoutes.class, Map.of());
        for (String path : PAGES) {
            page.mount(router, routes, path);
        }
        Buffer document = ApiDocument.offered(title, routes.mounted()).toBuffer();
        router.get(JSON)
                .handler(rc -> rc.response()
                        .putHeader("content-type", "application/json")
                        .end(document));
    }
}
