package io.waxwatch.gateway.accountdeletion;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.bus.BusMessage.EbayNotification;
import io.waxwatch.common.bus.BusMessage.EbayNotificationTaken;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.providers.EbayDeletionEndpoint;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.http.ApiResponse;
import io.waxwatch.gateway.routing.Routes;
import io.waxwatch.gateway.throttle.ClientAddress;
import io.waxwatch.gateway.throttle.RateLimitScope;
import io.waxwatch.gateway.throttle.Throttle;
import io.waxwatch.gateway.validation.Violations;
import java.util.Base64;
import java.util.List;

/**
 * {@code /api/ebay/account-deletion}: eBay asks whether the endpoint is ours, and tells of closed accounts. Open to anybody, for eBay
 * brings no token; a provider process judges the signature, because it has eBay's keys. Of one event loop.
 */
public final class AccountDeletionRoutes {

    /** eBay's codes have 32 characters. */
    private static final int MAX_CODE = 200;

    private static final int OFF_RETRY_SECONDS = 3600;

    private final Settings settings;
    private final Bus bus;
    private final Throttle throttle;
    private final ClientAddress clients;

    public AccountDeletionRoutes(Settings settings, Bus bus, Throttle throttle, ClientAddress clients) {
        this.settings = settings;
        this.bus = bus;
        this.throttle = throttle;
        this.clients = clients;
    }

    public void mount(Routes routes) {
        routes.operation("answer_challenge_api_ebay_account_deletion_get")
                .toAnybody((rc, body) -> counted(rc).map(counted -> challenge(rc)));
        routes.operation("delete_account_api_ebay_account_deletion_post")
                .toAnybody((rc, body) -> counted(rc).compose(counted -> take(rc)));
    }

    private Future<Void> counted(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        return throttle.take(
                request.response(), "addr:" + clients.of(request), List.of(RateLimitScope.EBAY_NOTIFICATIONS));
    }

    private EbayDeletionEndpoint endpoint() {
        return EbayDeletionEndpoint.of(settings)
                .orElseThrow(() -> ApiException.unavailable(
                        "eBay account deletion is not set up: missing required config: "
                                + String.join(", ", EbayDeletionEndpoint.missing(settings))
                                        .toLowerCase(java.util.Locale.ROOT),
                        OFF_RETRY_SECONDS));
    }

    private ApiResponse challenge(RoutingContext rc) {
        EbayDeletionEndpoint endpoint = endpoint();
        List<String> codes = rc.queryParam("challenge_code");
        var violations = new Violations();
        String code = codes.isEmpty() ? "" : codes.get(codes.size() - 1);
        if (code.isEmpty()) {
            violations.missing(List.of("query", "challenge_code"), null);
        } else if (code.length() > MAX_CODE) {
            violations.value(List.of("query", "challenge_code"), "must have at most " + MAX_CODE + " characters", null);
        }
        violations.refuseIfAny();
        return ApiResponse.ok(json -> {
            json.startObject();
            json.text("challengeResponse", endpoint.answer(code));
            json.endObject();
        });
    }

    private Future<ApiResponse> take(RoutingContext rc) {
        endpoint();
        Buffer bytes = rc.body() == null ? null : rc.body().buffer();
        var notification = new EbayNotification(
                Base64.getEncoder().encodeToString(bytes == null ? new byte[0] : bytes.getBytes()),
                rc.request().getHeader("x-ebay-signature"));
        return bus.ask(Topics.EBAY_NOTIFICATION, notification).map(AccountDeletionRoutes::answer);
    }

    private static ApiResponse answer(EbayNotificationTaken taken) {
        return switch (taken.outcome()) {
            case EbayNotificationTaken.DONE -> ApiResponse.noContent();
            case EbayNotificationTaken.BAD_SIGNATURE -> throw ApiException.http(412, "the signature is not eBay's");
            default -> throw ApiException.http(422, "not an account deletion as we know it");
        };
    }
}
