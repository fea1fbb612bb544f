package io.waxwatch.gateway.startpage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the API's address shows in a browser. */
class StartPageTest {

    private static final Map<String, String> DEMO = Map.of(
            "START_PAGE_MAIL_URL", "http://127.0.0.1:9/mails",
            "START_PAGE_ACCOUNT", "ann@example.org:a \"good\" <one>:with a colon");

    private static String page(Map<String, String> settings) {
        try (TestGateway gateway = TestGateway.start(settings)) {
            Reply page = gateway.anonymous(HttpMethod.GET, "/");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.header("content-security-policy")).doesNotContain("unsafe");
            assertThat(page.http().bodyAsString()).doesNotContain("{{", "/*style*/", "/*script*/");
            return page.http().bodyAsString();
        }
    }

    @Test
    void leads_to_everything_else_and_fills_in_the_demos_account() {
        assertThat(page(DEMO))
                .contains("href=\"/docs\"", "href=\"/api/stream/events\"", "href=\"http://127.0.0.1:9/mails\"")
                .contains("value=\"ann@example.org\"", "value=\"a &quot;good&quot; &lt;one&gt;:with a colon\"");
    }

    @Test
    void knows_no_account_when_none_is_named() {
        assertThat(page(Map.of())).contains("autocomplete=\"username\" required value=\"\"");
    }

    @Test
    void fills_in_nothing_in_production() {
        var production = new HashMap<>(DEMO);
        production.put("ENVIRONMENT", "production");
        assertThat(page(production)).doesNotContain("ann@example.org", "with a colon");
    }
}
