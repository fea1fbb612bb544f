package io.waxwatch.common.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the text of a variable becomes a value.
 *
 * @param text what the documentation calls it, bounds included
 * @param parser reads a text that is trimmed and not blank; it throws {@link Refused} with a sentence that says what is wrong and
 *     what to write instead
 */
record SettingType<T>(String text, Parser<T> parser) {

    /** The longest part of a refused value that a message repeats. */
    private static final int QUOTED_CHARACTERS = 60;

    private static final Pattern MAIL_DOMAIN =
            Pattern.compile("[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63})*|\\[[0-9A-Za-z:.]{2,60}\\]");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "y", "t");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "n", "f");

    interface Parser<T> {
        T parse(String text);
    }

    /** A value that cannot be used; the message never repeats a secret. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    static SettingType<String> text(int maxCharacters) {
        return new SettingType<>("text", text -> checkedText(text, maxCharacters));
    }

    static SettingType<Secret> secret() {
        return new SettingType<>("secret text", text -> {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new Refused("holds a control character, such as a line break; write it on one line");
            }
            return new Secret(text);
        });
    }

    /** The key of a Fernet token: 32 bytes in base64, either alphabet. */
    static SettingType<Secret> fernetKey() {
        return new SettingType<>("secret key, 32 bytes in base64", text -> {
            byte[] key;
            try {
                key = Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
            } catch (IllegalArgumentException notBase64) {
                throw new Refused("is not base64; write 32 random bytes in URL-safe base64");
            }
            if (key.length != 32) {
                throw new Refused("holds " + key.length + " bytes; write 32 random bytes in URL-safe base64");
            }
            return new Secret(text);
        });
    }

    /** What eBay takes for a verification token. */
    static SettingType<Secret> verificationToken() {
        return new SettingType<>("secret text, 32..80 of A-Z a-z 0-9 _ -", text -> {
            if (!text.matches("[A-Za-z0-9_-]{32,80}")) {
                throw new Refused("is no verification token; write 32 to 80 letters, digits, underscores and hyphens");
            }
            return new Secret(text);
        });
    }

    static SettingType<Boolean> bool() {
        return new SettingType<>("boolean", text -> {
            String word = text.toLowerCase(Locale.ROOT);
            if (TRUE.contains(word)) {
                return true;
            }
            if (FALSE.contains(word)) {
                return false;
            }
            throw new Refused(quoted(text) + " is not a boolean; write true or false");
        });
    }

    static SettingType<Integer> integer(int min, int max) {
        return new SettingType<>("integer " + min + ".." + max, text -> bounded(text, decimal(text), min, max));
    }

    static SettingType<Double> fraction(double min, double max) {
        return new SettingType<>("number " + plain(min) + ".." + plain(max), text -> {
            double number = decimal(text).doubleValue();
            if (number < min || number > max) {
                throw new Refused(
                        quoted(text) + " is out of bounds; write a number from " + plain(min) + " to " + plain(max));
            }
            return number;
        });
    }

    /** A port to listen on; 0 lets the system choose a free one. */
    static SettingType<Integer> listenPort() {
        return new SettingType<>("port 0..65535", text -> bounded(text, decimal(text), 0, 65_535));
    }

    /** A port of somebody else. */
    static SettingType<Integer> remotePort() {
        return new SettingType<>("port 1..65535", text -> bounded(text, decimal(text), 1, 65_535));
    }

    /** A duration in seconds; fractions down to a millisecond are read. */
    static SettingType<Duration> seconds(long min, long max) {
        return duration("seconds", 1_000, min, max);
    }

    static SettingType<Duration> milliseconds(long min, long max) {
        return duration("milliseconds", 1, min, max);
    }

    static SettingType<Duration> hours(long min, long max) {
        return duration("hours", 3_600_000L, min, max);
    }

    static SettingType<Duration> days(long min, long max) {
        return duration("days", 86_400_000L, min, max);
    }

    private static SettingType<Duration> duration(String unit, long unitMillis, long min, long max) {
        return new SettingType<>(unit + " " + min + ".." + max, text -> {
            BigDecimal number = decimal(text);
            if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
                throw new Refused(quoted(text) + " is out of bounds; write " + unit + " from " + min + " to " + max);
            }
            try {
                return Duration.ofMillis(
                        number.multiply(BigDecimal.valueOf(unitMillis)).longValueExact());
            } catch (ArithmeticException tooFine) {
                throw new Refused(quoted(text) + " is finer than a millisecond; write " + unit + " with fewer digits");
            }
        });
    }

    /** An absolute http or https address without user, query or fragment; a closing slash is cut off, so that paths can be appended. */
    static SettingType<URI> httpUrl() {
        return new SettingType<>("http(s) URL", SettingType::parseHttpUrl);
    }

    /** As {@link #httpUrl()}, but kept to the letter, because it is compared as text. */
    static SettingType<String> exactHttpUrl() {
        return new SettingType<>("http(s) URL", text -> {
            parseHttpUrl(text);
            return text;
        });
    }

    /** The same of an address that others call, which may have a query. */
    static SettingType<String> exactEndpointUrl() {
        return new SettingType<>("http(s) URL", text -> {
            URI uri = uri(text);
            requireHttp(uri);
            if (uri.getRawFragment() != null) {
                throw new Refused("holds a fragment; write the URL without it");
            }
            return text;
        });
    }

    /** An http or https address that carries a credential. */
    static SettingType<Secret> secretHttpUrl() {
        return new SettingType<>("secret http(s) URL", text -> {
            URI uri = uri(text);
            requireHttp(uri);
            return new Secret(text);
        });
    }

    static SettingType<DatabaseAddress> databaseUrl() {
        return new SettingType<>("PostgreSQL URL", text -> {
            try {
                return DatabaseAddress.parse(text);
            } catch (IllegalArgumentException fault) {
                throw new Refused(fault.getMessage());
            }
        });
    }

    static SettingType<RedisAddress> redisUrl() {
        return new SettingType<>("Redis URL", text -> {
            try {
                return RedisAddress.parse(text);
            } catch (IllegalArgumentException fault) {
                throw new Refused(fault.getMessage());
            }
        });
    }

    /** A name of the DNS, in its ASCII form, or an address in brackets as mail has it. */
    static SettingType<String> mailDomain() {
        return new SettingType<>("host name", text -> {
            if (text.length() > 253 || !MAIL_DOMAIN.matcher(text).matches()) {
                throw new Refused(quoted(text) + " is no host name; write one like mail.example.com");
            }
            return text;
        });
    }

    static SettingType<String> email() {
        return new SettingType<>("email address", text -> {
            int at = text.indexOf('@');
            boolean plausible = at > 0
                    && at == text.lastIndexOf('@')
                    && at < text.length() - 1
                    && text.length() <= 254
                    && text.chars()
                            .noneMatch(c ->
                                    Character.isWhitespace(c) || Character.isISOControl(c) || c == '<' || c == '>');
            if (!plausible) {
                throw new Refused(quoted(text) + " is not an email address; write one like noreply@example.com");
            }
            return text;
        });
    }

    static SettingType<Path> path() {
        return new SettingType<>("path", text -> {
            if (text.contains("://")) {
                throw new Refused(quoted(text) + " is not a path");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException impossible) {
                throw new Refused(quoted(text) + " is not a path");
            }
        });
    }

    /** The host of a server: a name or an address, and nothing else of a URL. */
    static SettingType<String> host() {
        return new SettingType<>("host", text -> {
            if (text.length() > 253 || !text.matches("\\[?[0-9A-Za-z._:%-]+]?")) {
                // Not repeated: it may be a whole URL, password and all.
                throw new Refused("is not a host; write a name or an address, without scheme, user, port or path");
            }
            return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        });
    }

    /**
     * A file in PEM form that can be read now, at start: not at the first connection, hours later.
     *
     * @param kind what must be in it, as in {@code -----BEGIN <kind>-----}, at its end
     */
    static SettingType<Path> pemFile(String kind) {
        return new SettingType<>("PEM file with a " + kind.toLowerCase(Locale.ROOT), text -> {
            Path file = path().parser().parse(text);
            String content;
            try {
                // Bytes that are no text, as of DER, do no harm: they are only looked through.
                content = Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (IOException unreadable) {
                throw new Refused(quoted(text) + " cannot be read: "
                        + unreadable.getClass().getSimpleName());
            }
            if (!Pattern.compile("-----BEGIN [A-Z ]*" + kind + "-----")
                    .matcher(content)
                    .find()) {
                throw new Refused(
                        quoted(text) + " holds no '-----BEGIN " + kind + "-----'; write the name of a PEM file");
            }
            return file;
        });
    }

    /** One of a few words, case-insensitive; a map with an order of its own, for they are listed in it. */
    static <T> SettingType<T> choice(Map<String, T> values) {
        String words = String.join(", ", values.keySet());
        return new SettingType<>("one of " + words.replace(", ", " "), text -> {
            T value = values.get(text.toLowerCase(Locale.ROOT));
            if (value == null) {
                throw new Refused(quoted(text) + " is unknown; write one of " + words);
            }
            return value;
        });
    }

    /** Texts as {@code a, b} or {@code ["a", "b"]}; blanks around them are cut and doubles dropped, the order stays. */
    static SettingType<List<String>> list() {
        return new SettingType<>("list", SettingType::parseList);
    }

    /** A list of at least one of the given words; the case is that of the words. */
    static SettingType<List<String>> listOf(List<String> words) {
        String choice = String.join(", ", words);
        Map<String, String> byFolded = words.stream()
                .collect(Collectors.toUnmodifiableMap(word -> word.toLowerCase(Locale.ROOT), word -> word));
        return new SettingType<>("list of " + choice.replace(", ", " "), text -> {
            List<String> items = new ArrayList<>();
            for (String item : parseList(text)) {
                String word = byFolded.get(item.toLowerCase(Locale.ROOT));
                if (word == null) {
                    throw new Refused(quoted(item) + " is unknown; write some of " + choice);
                }
                items.add(word);
            }
            if (items.isEmpty()) {
                throw new Refused("is an empty list; write some of " + choice);
            }
            return List.copyOf(items);
        });
    }

    /** A list of CIDR blocks; a single address is a block of one. */
    static SettingType<List<AddressBlock>> addressBlocks() {
        return new SettingType<>(
                "list of CIDR blocks",
                text -> parseList(text).stream()
                        .map(item -> AddressBlock.parse(item)
                                .orElseThrow(() -> new Refused(
                                        quoted(item) + " is no address block; write one like 10.0.0.0/8 or fd00::/8")))
                        .toList());
    }

    private static List<String> parseList(String text) {
        Set<String> items = new LinkedHashSet<>();
        if (text.startsWith("[")) {
            JsonNode array;
            try {
                array = JSON.readTree(text);
            } catch (JsonProcessingException notJson) {
                throw new Refused("is not a JSON list; write [\"a\", \"b\"] or a, b");
            }
            for (JsonNode item : array) {
                if (!item.isTextual()) {
                    throw new Refused("holds something that is not a text; write [\"a\", \"b\"] or a, b");
                }
                items.add(item.textValue().strip());
            }
        } else {
            for (String item : text.split(",", -1)) {
                items.add(item.strip());
            }
        }
        items.remove("");
        for (String item : items) {
            checkedText(item, 500);
        }
        return List.copyOf(items);
    }

    private static String checkedText(String text, int maxCharacters) {
        if (text.codePointCount(0, text.length()) > maxCharacters) {
            throw new Refused("is longer than " + maxCharacters + " characters; write a shorter text");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new Refused("holds a control character, such as a line break; write it on one line");
        }
        return text;
    }

    private static URI parseHttpUrl(String text) {
        URI uri = uri(text);
        requireHttp(uri);
        if (uri.getRawUserInfo() != null) {
            throw new Refused("holds a user or password; write the URL without them");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new Refused("holds a query or a fragment; write the URL without them");
        }
        return text.endsWith("/") ? URI.create(text.replaceAll("/+$", "")) : uri;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            // Its message repeats the whole text, in which somebody may have put a password.
            throw new Refused("is not a URL; write one like https://host.example/path");
        }
    }

    private static void requireHttp(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new Refused("does not start with http:// or https://; write one like https://host.example/path");
        }
        if (uri.getHost() == null) {
            throw new Refused("names no host; write one like https://host.example/path");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new Refused("names an impossible port; write one from 1 to 65535");
        }
    }

    /** A plain decimal number. The length is bounded, because "1e999999999" would fill the memory. */
    private static BigDecimal decimal(String text) {
        if (text.length() > 20 || !text.matches("[+-]?[0-9]+(\\.[0-9]+)?")) {
            throw new Refused(quoted(text) + " is not a number; write digits only, without a unit");
        }
        return new BigDecimal(text);
    }

    private static int bounded(String text, BigDecimal number, int min, int max) {
        if (number.stripTrailingZeros().scale() > 0) {
            throw new Refused(quoted(text) + " is not a whole number; write one from " + min + " to " + max);
        }
        if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw new Refused(quoted(text) + " is out of bounds; write a whole number from " + min + " to " + max);
        }
        return number.intValueExact();
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static String quoted(String text) {
        if (text.contains("://")) {
            // A URL that was put into the wrong variable, perhaps with a password in it.
            return "the value, which is a URL,";
        }
        String oneLine = text.codePoints()
                .limit(QUOTED_CHARACTERS)
                .mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c))
                .collect(Collectors.joining());
        return "'" + oneLine + (text.codePointCount(0, text.length()) > QUOTED_CHARACTERS ? "…" : "") + "'";
    }
}
