package io.waxwatch.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.waxwatch.gateway.http.ApiResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That the API document and the code are bound at the start. What the routes do is told over HTTP, by {@code EdgeTest}. */
class RoutesTest {

    private static final Endpoint NOTHING = call -> Future.succeededFuture(ApiResponse.noContent());

    private final Vertx vertx = Vertx.vertx();
    private final Routes routes = over(document());

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private Routes over(JsonObject document) {
        return new Routes(Router.router(vertx), null, null, null, document);
    }

    private static JsonObject document() {
        var withToken = new JsonObject().put("operationId", "read_thing").put("security", "bearer");
        var open = new JsonObject().put("operationId", "read_page");
        return new JsonObject()
                .put(
                        "paths",
                        new JsonObject()
                                .put("/things/{thing_id}", new JsonObject().put("get", withToken))
                                .put("/page", new JsonObject().put("get", open)));
    }

    @Test
    void starts_when_every_operation_is_declared() {
        routes.operation("read_thing").to(NOTHING);
        routes.operation("read_page").toHandler(rc -> {});
        routes.close();
        assertThat(routes.offered()).containsExactlyInAnyOrder("read_thing", "read_page");
    }

    @Test
    void an_operation_that_the_document_lacks_fails_the_start_with_its_name() {
        assertThatThrownBy(() -> routes.operation("write_thing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write_thing");
        assertThatThrownBy(() -> routes.before("write_thing", rc -> {})).hasMessageContaining("write_thing");
    }

    @Test
    void an_operation_that_nobody_declares_fails_the_start_with_its_name() {
        routes.operation("read_page").toHandler(rc -> {});
        // A declaration without an end is none.
        routes.operation("read_thing").onlyIf(true);
        assertThatThrownBy(routes::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("read_thing")
                .hasMessageNotContaining("read_page");
    }

    @Test
    void an_operation_that_is_not_offered_here_is_declared_all_the_same() {
        routes.operation("read_thing").onlyIf(false).to(NOTHING);
        routes.operation("read_page").toHandler(rc -> {});
        routes.close();
        assertThat(routes.offered()).containsExactly("read_page");
    }

    @Test
    void an_operation_is_declared_once() {
        routes.operation("read_thing").to(NOTHING);
        assertThatThrownBy(() -> routes.operation("read_thing").to(NOTHING)).hasMessageContaining("read_thing");
        assertThatThrownBy(() -> routes.before("read_thing", rc -> {})).hasMessageContaining("read_thing");
    }

    @Test
    void who_needs_a_token_is_the_same_in_both() {
        assertThatThrownBy(() -> routes.operation("read_thing").toHandler(rc -> {}))
                .hasMessageContaining("only callers with a token in to read_thing");
        assertThatThrownBy(() -> routes.operation("read_thing")
                        .toAnybody((rc, body) -> Future.succeededFuture(ApiResponse.noContent())))
                .hasMessageContaining("read_thing");
        assertThatThrownBy(() -> routes.operation("read_page").to(NOTHING))
                .hasMessageContaining("anybody in to read_page");
        assertThatThrownBy(() -> routes.operation("read_page").toStream((rc, caller) -> Future.succeededFuture()))
                .hasMessageContaining("read_page");
    }

    @Test
    void every_operation_of_the_document_has_an_id_of_its_own() {
        JsonObject nameless = document();
        nameless.getJsonObject("paths")
                .getJsonObject("/page")
                .getJsonObject("get")
                .remove("operationId");
        assertThatThrownBy(() -> over(nameless)).hasMessageContaining("/page");
        JsonObject twins = document();
        twins.getJsonObject("paths").getJsonObject("/page").getJsonObject("get").put("operationId", "read_thing");
        assertThatThrownBy(() -> over(twins)).hasMessageContaining("read_thing");
    }
}
