package io.waxwatch.sandbox.discogs;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two signature methods of OAuth 1.0a (RFC 5849, section 3.4) that Discogs takes: PLAINTEXT and HMAC-SHA1. */
final class OAuthSignature {

    private OAuthSignature() {}

    /** One parameter of a request, decoded. A name may come more than once. */
    record Parameter(String name, String value) {}

    /**
     * What a signature covers.
     *
     * @param authority host, and port where the client wrote one
     * @param path as sent, without the query
     * @param parameters of the {@code Authorization} header (without {@code realm}), the query and a form body
     */
    record Request(String method, String scheme, String authority, String path, List<Parameter> parameters) {

        /** The signature base string, section 3.4.1. */
        String base() {
            return method.toUpperCase(Locale.ROOT) + "&" + encode(baseUri()) + "&" + encode(normalised());
        }

        private String baseUri() {
            String host = authority.toLowerCase(Locale.ROOT);
            String usual = scheme.equals("https") ? ":443" : ":80";
            return scheme + "://"
                    + (host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host)
                    + (path.isEmpty() ? "/" : path);
        }

        private String normalised() {
            return parameters.stream()
                    .filter(parameter -> !parameter.name().equals("oauth_signature"))
                    .map(parameter -> new Parameter(encode(parameter.name()), encode(parameter.value())))
                    .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
                    .map(parameter -> parameter.name() + "=" + parameter.value())
                    .collect(Collectors.joining("&"));
        }
    }

    /** Whether the signature is the request's, by the method that it names; never for a method that is not known. */
    static boolean fits(String method, String signature, Request request, String consumerSecret, String tokenSecret) {
        String expected = switch (method == null ? "" : method) {
            case "PLAINTEXT" -> key(consumerSecret, tokenSecret);
            case "HMAC-SHA1" -> hmacSha1(request.base(), key(consumerSecret, tokenSecret));
            default -> null;
        };
        return expected != null && signature != null && MessageDigest.isEqual(bytes(expected), bytes(signature));
    }

    static String hmacSha1(String text, String key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(bytes(key), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JRE has HmacSHA1", e);
        }
    }

    static String key(String consumerSecret, String tokenSecret) {
        return encode(consumerSecret) + "&" + encode(tokenSecret);
    }

    /** Percent encoding of section 3.6: unlike a form's, a blank is %20, and the tilde stays. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** The opposite; what is not encoded properly is taken as it stands. */
    static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** The fields of an {@code Authorization: OAuth …} header but {@code realm}, decoded; none for any other header. */
    static List<Parameter> ofHeader(String authorization) {
        List<Parameter> fields = new ArrayList<>();
        if (authorization == null || !authorization.regionMatches(true, 0, "OAuth ", 0, 6)) {
            return fields;
        }
        for (String part : authorization.substring(6).split(",")) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[1].matches("\".*\"") && !pair[0].equals("realm")) {
                fields.add(new Parameter(decode(pair[0]), decode(pair[1].substring(1, pair[1].length() - 1))));
            }
        }
        return fields;
    }

    static List<Parameter> ofEntries(Iterable<Map.Entry<String, String>> entries) {
        List<Parameter> parameters = new ArrayList<>();
        entries.forEach(entry -> parameters.add(new Parameter(entry.getKey(), entry.getValue())));
        return parameters;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
