package io.waxwatch.common.bus;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one codec of the bus: JSON tagged by the record's simple name, read tolerantly (unknown fields are ignored).
 * Locally the same immutable instance is handed over. An unknown type fails to decode, and the asker times out:
 * deploy consumers before producers.
 */
public final class BusMessageCodec implements MessageCodec<BusMessage, BusMessage> {

    /** The version changes only with the framing, never with a record's fields. */
    public static final String NAME = "wire/1";

    private static final String TYPE = "type";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Amounts of money must not become doubles on their way.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Map<String, Class<?>> TYPES = Arrays.stream(BusMessage.class.getPermittedSubclasses())
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    @Override
    public void encodeToWire(Buffer buffer, BusMessage message) {
        byte[] json = encode(message);
        buffer.appendInt(json.length).appendBytes(json);
    }

    @Override
    public BusMessage decodeFromWire(int position, Buffer buffer) {
        int length = buffer.getInt(position);
        return decode(buffer.getBytes(position + Integer.BYTES, position + Integer.BYTES + length));
    }

    static byte[] encode(BusMessage message) {
        try {
            ObjectNode node = JSON.valueToTree(message);
            node.put(TYPE, message.getClass().getSimpleName());
            return JSON.writeValueAsBytes(node);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static BusMessage decode(byte[] json) {
        try {
            var node = JSON.readTree(json);
            Class<?> type = TYPES.get(node.path(TYPE).asText());
            if (type == null) {
                throw new IllegalArgumentException(
                        "unknown message type " + node.path(TYPE).asText());
            }
            return (BusMessage) JSON.treeToValue(node, type);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @Override
    public BusMessage transform(BusMessage message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
