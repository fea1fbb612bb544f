package io.waxwatch.gateway.sessions;

import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.JsonBody;
import io.waxwatch.gateway.validation.Violations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Somebody who signs in.
 *
 * @param redirectTo a path of ours, with what a waiting application gave along; empty when nobody waits anywhere
 */
record LoginInput(String email, String password, Optional<String> redirectTo) {

    private static final int MAX_TEXT = 2000;
    /** One slash and no second, no backslash, which browsers read as one, and nothing that they would skip. */
    private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\])[^\\\\\\s\\p{Cntrl}]*");

    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,255}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final List<String> PASSED_ON = List.of("handoff", "state", "nonce", "expires_at");

    /** The address as it is counted, whatever its case. */
    String foldedEmail() {
        return email.toLowerCase(Locale.ROOT);
    }

    static LoginInput of(JsonBody body, Instant now) {
        var violations = new Violations();
        BodyFields fields =
                body.fields(violations, false).hide("password").require("email").require("password");
        Optional<String> email = fields.text("email", 1, 320).map(String::strip);
        email.filter(text -> !EMAIL.matcher(text).matches())
                .ifPresent(
                        text -> violations.value(List.of("body", "email"), "value is not a valid email address", text));
        Optional<String> password = fields.text("password", 1, 1024);
        Optional<String> returnTo =
                fields.nullableText("return_to", 0, MAX_TEXT).filter(text -> !text.isEmpty());
        returnTo.filter(text -> !OWN_PATH.matcher(text).matches())
                .ifPresent(text ->
                        violations.value(List.of("body", "return_to"), "return_to must be a path of this site", text));
        var passedOn = new TreeMap<String, String>();
        for (String name : PASSED_ON) {
            fields.nullableText(name, 0, MAX_TEXT).ifPresent(text -> passedOn.put(name, text));
        }
        Optional.ofNullable(passedOn.get("expires_at"))
                .filter(text -> !isAhead(text, now))
                .ifPresent(text -> violations.value(
                        List.of("body", "expires_at"), "the request to sign in has expired; start again", text));
        violations.refuseIfAny();
        return new LoginInput(
                email.orElseThrow(), password.orElseThrow(), returnTo.map(path -> withParameters(path, passedOn)));
    }

    private static boolean isAhead(String time, Instant now) {
        try {
            Instant at = SECONDS.matcher(time).matches()
                    ? Instant.ofEpochSecond(Long.parseLong(time))
                    : OffsetDateTime.parse(time).toInstant();
            return at.isAfter(now);
        } catch (DateTimeException malformed) {
            return false;
        }
    }

    private static String withParameters(String path, Map<String, String> parameters) {
        int fragment = path.indexOf('#');
        var url = new StringBuilder(fragment < 0 ? path : path.substring(0, fragment));
        parameters.forEach((name, value) -> url.append(url.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return url.append(fragment < 0 ? "" : path.substring(fragment)).toString();
    }

    @Override
    public String toString() {
        return "LoginInput[" + email + "]";
    }
}
