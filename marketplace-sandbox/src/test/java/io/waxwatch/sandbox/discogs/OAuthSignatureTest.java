package io.waxwatch.sandbox.discogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.sandbox.discogs.OAuthSignature.Parameter;
import io.waxwatch.sandbox.discogs.OAuthSignature.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the examples of RFC 5849. */
class OAuthSignatureTest {

    private static final String CLIENT_SECRET = "kd94hf93k423kf44";

    private static Request request(String method, String scheme, String authority, String path, Parameter... more) {
        List<Parameter> parameters = new ArrayList<>(List.of(more));
        return new Request(method, scheme, authority, path, parameters);
    }

    private static Parameter p(String name, String value) {
        return new Parameter(name, value);
    }

    @Test
    void the_base_string_is_that_of_section_3_4_1_1() {
        List<Parameter> parameters =
                OAuthSignature.ofHeader("OAuth realm=\"Example\", oauth_consumer_key=\"9djdj82h48djs9d2\","
                        + " oauth_token=\"kkk9d7dh3k39sjv7\", oauth_signature_method=\"HMAC-SHA1\","
                        + " oauth_timestamp=\"137131201\", oauth_nonce=\"7d8f3e4a\","
                        + " oauth_signature=\"bYT5CMsGcbgUdFHObYMEfcx6bsw%3D\"");
        // The query and the form body of the example, decoded.
        parameters.addAll(
                List.of(p("b5", "=%3D"), p("a3", "a"), p("c@", ""), p("a2", "r b"), p("c2", ""), p("a3", "2 q")));

        assertThat(new Request("post", "http", "EXAMPLE.COM:80", "/request", parameters).base())
                .isEqualTo(
                        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
                                + "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
                                + "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token"
                                + "%3Dkkk9d7dh3k39sjv7");
    }

    @Test
    void the_three_steps_of_section_1_2_are_signed_by_hmac_sha1() {
        Request initiate = request(
                "POST",
                "https",
                "photos.example.net",
                "/initiate",
                p("oauth_consumer_key", "dpf43f3p2l4k3l03"),
                p("oauth_signature_method", "HMAC-SHA1"),
                p("oauth_timestamp", "137131200"),
                p("oauth_nonce", "wIjqoS"),
                p("oauth_callback", "http://printer.example.com/ready"));
        Request token = request(
                "POST",
                "https",
                "photos.example.net:443",
                "/token",
                p("oauth_consumer_key", "dpf43f3p2l4k3l03"),
                p("oauth_token", "hh5s93j4hdidpola"),
                p("oauth_signature_method", "HMAC-SHA1"),
                p("oauth_timestamp", "137131201"),
                p("oauth_nonce", "walatlh"),
                p("oauth_verifier", "hfdp7dh39dks9884"));
        Request photo = request(
                "GET",
                "http",
                "photos.example.net",
                "/photos",
                p("file", "vacation.jpg"),
                p("size", "original"),
                p("oauth_consumer_key", "dpf43f3p2l4k3l03"),
                p("oauth_token", "nnch734d00sl2jdk"),
                p("oauth_signature_method", "HMAC-SHA1"),
                p("oauth_timestamp", "137131202"),
                p("oauth_nonce", "chapoH"));

        assertThat(fits("74KNZJeDHnMBp0EMJ9ZHt/XKycU=", initiate, "")).isTrue();
        assertThat(fits("gKgrFCywp7rO0OXSjdot/IHF7IU=", token, "hdhd0244k9j7ao03"))
                .isTrue();
        assertThat(fits("MdpQcU8iPSUjWoN/UDMsK2sui9I=", photo, "pfkkdhi9sl3r4s00"))
                .isTrue();
        assertThat(fits("MdpQcU8iPSUjWoN/UDMsK2sui9I=", photo, "another")).isFalse();
    }

    private static boolean fits(String signature, Request request, String tokenSecret) {
        return OAuthSignature.fits("HMAC-SHA1", signature, request, CLIENT_SECRET, tokenSecret);
    }

    @ParameterizedTest
    @CsvSource({
        "PLAINTEXT,djr9rjt0jd78jf88&jjd999tj88uiths3,true",
        "PLAINTEXT,djr9rjt0jd78jf88&,false",
        "HMAC-SHA256,djr9rjt0jd78jf88&jjd999tj88uiths3,false",
        ",djr9rjt0jd78jf88&jjd999tj88uiths3,false"
    })
    void plaintext_is_the_secrets_and_other_methods_are_unknown(String method, String signature, boolean fits) {
        Request any = request("GET", "https", "example.com", "/");
        assertThat(OAuthSignature.fits(method, signature, any, "djr9rjt0jd78jf88", "jjd999tj88uiths3"))
                .isEqualTo(fits);
    }

    @Test
    void encodes_as_section_3_6_says() {
        assertThat(OAuthSignature.encode("a-._~b *+/é☃")).isEqualTo("a-._~b%20%2A%2B%2F%C3%A9%E2%98%83");
        assertThat(OAuthSignature.decode("a+b%20c")).isEqualTo("a+b c");
        assertThat(OAuthSignature.decode("100%")).isEqualTo("100%");
    }
}
