package io.waxwatch.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EbayLinksTest {

    private static final URI API = URI.create("https://api.ebay.com");
    private static final EbayLinks PLAIN = new EbayLinks(API, null, null);
    private static final EbayLinks PARTNER = new EbayLinks(API, "123", null);

    @ParameterizedTest
    @CsvSource({
        "https://www.ebay.com/itm/1?x=1,"
                + " https://www.ebay.com/itm/1?x=1&mkevt=1&mkcid=1&mkrid=711-53200-19255-0&campid=123&toolid=10001",
        "https://www.ebay.de/itm/1,"
                + " https://www.ebay.de/itm/1?mkevt=1&mkcid=1&mkrid=707-53477-19255-0&campid=123&toolid=10001",
        "http://ebay.co.uk/itm/1#top,"
                + " http://ebay.co.uk/itm/1?mkevt=1&mkcid=1&mkrid=710-53481-19255-0&campid=123&toolid=10001#top",
        "https://www.ebay.com.hk/itm/1, https://www.ebay.com.hk/itm/1",
        "https://www.ebay.com/itm/1?campid=9, https://www.ebay.com/itm/1?campid=9"
    })
    void adds_the_parameters_of_the_site_once(String url, String decorated) {
        assertThat(PARTNER.destination(url)).contains(decorated);
        assertThat(PLAIN.destination(url)).contains(url);
    }

    @Test
    void encodes_what_the_operator_configured() {
        assertThat(new EbayLinks(API, "1&2", "a b").destination("https://www.ebay.com/itm/1"))
                .hasValueSatisfying(url -> assertThat(url).endsWith("&campid=1%262&toolid=10001&customid=a+b"));
    }

    @Test
    void leads_to_a_sandbox_only_where_one_is_configured() {
        var sandbox = new EbayLinks(URI.create("http://127.0.0.1:8081"), "123", null);
        assertThat(sandbox.destination("http://127.0.0.1:8081/itm/1")).contains("http://127.0.0.1:8081/itm/1");
        assertThat(sandbox.destination("http://127.0.0.1:8082/itm/1")).isEmpty();
        assertThat(PLAIN.destination("http://127.0.0.1:8081/itm/1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/itm/1",
                "//www.ebay.com/itm/1",
                "javascript:alert(1)",
                "ftp://www.ebay.com/itm/1",
                "https://www.ebay.com.evil.example/itm/1",
                "https://evilebay.com/itm/1",
                "https://www.ebay.com@evil.example/itm/1",
                "https://user@www.ebay.com/itm/1",
                "https://www.ebay.com:8443/itm/1",
                "https://www.ebay.com\\@evil.example/",
                "https://www.ebay.com/itm/1\r\nset-cookie: a=b",
                "https:www.ebay.com/itm/1"
            })
    void leads_nowhere_else(String url) {
        assertThat(PARTNER.destination(url)).isEmpty();
    }

    @Property
    void no_text_is_a_fault(@ForAll String text) {
        assertThat(PARTNER.destination(text)).isEmpty();
        PARTNER.destination("https://www.ebay.com/" + text)
                .ifPresent(url -> assertThat(url).matches("[!-~]+").startsWith("https://www.ebay.com/"));
    }
}
