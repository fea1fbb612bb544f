package io.waxwatch.provider.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tolerant look at a JSON object: a key that is absent, null or of another type reads as null or empty. Decimal numbers
 * are kept as written ({@link BigDecimal}), for the usual decoding to double changes prices.
 *
 * @param fields the object
 */
public record JsonView(Map<String, Object> fields) {

    private static final Pattern WEB_URL =
            Pattern.compile("https?://[a-z0-9.\\-\\[\\]:]+([/?#].*)?", Pattern.CASE_INSENSITIVE);
    /** Digits either side of the point; more is no amount, and writing 1e999999999 out would take all memory. */
    private static final int MAX_SCALE = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a body that must be one JSON object.
     *
     * @param label how the failure's text begins
     * @throws ProviderFailure {@code INVALID_BODY} for anything else, such as the HTML page of a proxy
     */
    public static JsonView parse(Buffer body, String label) {
        if (body.length() == 0) {
            throw ProviderFailure.invalidBody(label + " empty response");
        }
        try {
            Object tree = MAPPER.readValue(body.getBytes(), Object.class);
            if (tree instanceof Map<?, ?> map) {
                return new JsonView(clean(map));
            }
        } catch (IOException notJson) {
            throw ProviderFailure.invalidBody(label + " response is not JSON");
        }
        throw ProviderFailure.invalidBody(label + " response has an unexpected shape");
    }

    public boolean has(String key) {
        return fields.get(key) != null;
    }

    /** A text or a number as text; else null. */
    public String text(String key) {
        Object value = fields.get(key);
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof Number number ? number.toString() : null;
    }

    /** Like {@link #text}, with a blank text as null. */
    public String textOrNull(String key) {
        String text = text(key);
        return text == null || text.isBlank() ? null : text;
    }

    /** A whole number, also when written as text; else null. */
    public Long wholeNumber(String key) {
        Object value = fields.get(key);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        try {
            if (value instanceof BigDecimal decimal) {
                return decimal.longValueExact();
            }
            return value instanceof String text ? Long.valueOf(text.trim()) : null;
        } catch (ArithmeticException | NumberFormatException notWhole) {
            return null;
        }
    }

    /** A positive whole number; Discogs writes 0 for "none". */
    public Long id(String key) {
        Long number = wholeNumber(key);
        return number == null || number <= 0 ? null : number;
    }

    public boolean isTrue(String key) {
        return Boolean.TRUE.equals(fields.get(key));
    }

    /** The object at the key, empty when there is none. */
    public JsonView view(String key) {
        return fields.get(key) instanceof Map<?, ?> map ? new JsonView(cast(map)) : new JsonView(Map.of());
    }

    public boolean isList(String key) {
        return fields.get(key) instanceof List<?>;
    }

    public boolean isNumber(String key) {
        return fields.get(key) instanceof Number;
    }

    /** The objects in the list at the key; entries of other types are left out. */
    public List<JsonView> views(String key) {
        List<JsonView> views = new ArrayList<>();
        if (fields.get(key) instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> map) {
                    views.add(new JsonView(cast(map)));
                }
            }
        }
        return views;
    }

    /** The texts in the list at the key, or the one text there. */
    public List<String> texts(String key) {
        Object value = fields.get(key);
        if (value instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** A moment with an offset; without one (old Discogs bodies) it is read as UTC; else null. */
    public Instant instant(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text.trim()).toInstant();
        } catch (DateTimeException noOffset) {
            try {
                return LocalDateTime.parse(text.trim()).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException notATime) {
                return null;
            }
        }
    }

    /** An absolute http or https address on one line; else empty, for it would end up in a link. */
    public Optional<String> webUrl(String key) {
        return Optional.ofNullable(text(key))
                .map(String::trim)
                .filter(url -> WEB_URL.matcher(url).matches());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }

    /** Without NUL characters, which JSON allows and PostgreSQL refuses in text and jsonb. */
    private static Map<String, Object> clean(Map<?, ?> map) {
        Map<String, Object> clean = new LinkedHashMap<>();
        map.forEach((key, value) -> clean.put(cleanText(key.toString()), cleanValue(value)));
        return clean;
    }

    private static Object cleanValue(Object value) {
        if (value instanceof String text) {
            return cleanText(text);
        }
        if (value instanceof Map<?, ?> map) {
            return clean(map);
        }
        if (value instanceof List<?> list) {
            List<Object> clean = new ArrayList<>(list.size());
            list.forEach(entry -> clean.add(cleanValue(entry)));
            return clean;
        }
        if (value instanceof BigDecimal decimal) {
            return Math.abs((long) decimal.scale()) > MAX_SCALE ? null : decimal;
        }
        return value instanceof BigInteger big ? big.toString() : value;
    }

    private static String cleanText(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }
}
