package io.waxwatch.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminClaimsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"admin\"}",
                "{\"role\":\"service_role\"}",
                "{\"user_role\":\"admin\"}",
                "{\"app_metadata\":{\"role\":\"admin\"}}",
                "{\"app_metadata\":{\"roles\":[\"x\",\"service_role\"]}}",
                "{\"scope\":\"openid provider_requests:read_all\"}",
                "{\"scope\":\"admin\"}",
                "{\"roles\":[\"admin\"]}",
                "{\"permissions\":[\"provider_requests:read_all\"]}"
            })
    void any_one_of_these_makes_an_administrator(String claims) {
        assertThat(AdminClaims.in(new JsonObject(claims))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"role\":\"authenticated\"}",
                "{\"role\":\"ADMIN\"}",
                "{\"role\":\" admin \"}",
                "{\"user_role\":\"Admin\"}",
                "{\"app_metadata\":{\"role\":\"Service_Role\"}}",
                "{\"app_metadata\":{\"roles\":[\"SERVICE_ROLE\"]}}",
                "{\"scope\":\"read ADMIN\"}",
                "{\"roles\":[\" admin\"]}",
                "{\"permissions\":[\"Provider_Requests:Read_All\"]}",
                "{\"role\":[\"admin\"]}",
                "{\"user_metadata\":{\"role\":\"admin\",\"roles\":[\"admin\"]}}",
                "{\"roles\":\"admin\"}",
                "{\"roles\":[\"service_role\"]}",
                "{\"scope\":[\"admin\"]}",
                "{\"scope\":\"administrator\"}",
                "{\"app_metadata\":{\"roles\":\"admin\"}}",
                "{\"app_metadata\":\"admin\"}",
                "{\"permissions\":[7,null]}"
            })
    void none_of_these_does(String claims) {
        assertThat(AdminClaims.in(new JsonObject(claims))).isFalse();
    }
}
