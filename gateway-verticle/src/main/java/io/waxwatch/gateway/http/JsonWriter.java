package io.waxwatch.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * Writes JSON as bytes, straight from rows: no tree, no text and no copy in between but the one into the body, which is
 * what lists of many small fields spend their time on. It puts the commas; that names and ends are in their places is up
 * to who writes. A text that is null is written as null.
 */
public final class JsonWriter {

    /** Bodies up to this size are copied once; larger ones grow by such pieces. */
    private static final int CHUNK = 16 * 1024;
    /** So many characters of a text are written at once; each takes six bytes at most. */
    private static final int PIECE = 2048;

    private static final int LONGEST_TIME = 40;
    private static final int LONGEST_NUMBER = 20;
    private static final int UUID_LENGTH = 36;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** What follows the backslash of control characters, and of either half of those beyond the first plane. */
    private static final byte BY_NUMBER = 'u';
    /** What follows the backslash, for characters of ASCII that need one. */
    private static final byte[] ESCAPES = escapes();
    /** The piece that this thread writes into, while nobody does. */
    private static final ThreadLocal<byte[]> SPARE = new ThreadLocal<>();

    private final byte[] chunk;
    private int at;
    /** Null while all that was written fits into the piece. */
    private Buffer full;

    private boolean comma;

    private JsonWriter(byte[] chunk) {
        this.chunk = chunk;
    }

    /** What is written, as a buffer of its own. */
    static Buffer write(JsonOut.Body body) {
        byte[] spare = SPARE.get();
        byte[] chunk = spare == null ? new byte[CHUNK] : spare;
        // Whoever writes meanwhile, within this body, takes another.
        SPARE.set(null);
        try {
            var json = new JsonWriter(chunk);
            body.write(json);
            return json.written();
        } finally {
            SPARE.set(chunk);
        }
    }

    private Buffer written() {
        return (full == null ? Buffer.buffer(at) : full).appendBytes(chunk, 0, at);
    }

    public void startObject() {
        open('{');
    }

    /** As the value of this name. */
    public void startObject(String name) {
        name(name);
        open('{');
    }

    public void endObject() {
        close('}');
    }

    public void startArray() {
        open('[');
    }

    /** As the value of this name. */
    public void startArray(String name) {
        name(name);
        open('[');
    }

    public void endArray() {
        close(']');
    }

    /** @param name of the value that is written next; ASCII, nothing that needs a backslash */
    @SuppressWarnings("deprecation") // It takes the low bytes, which is what ASCII is made of.
    public void name(String name) {
        int length = name.length();
        reserve(length + 4);
        if (comma) {
            chunk[at++] = ',';
            comma = false;
        }
        chunk[at++] = '"';
        name.getBytes(0, length, chunk, at);
        at += length;
        chunk[at++] = '"';
        chunk[at++] = ':';
    }

    public void text(String name, String text) {
        name(name);
        text(text);
    }

    /** As an item of an array. */
    public void text(String text) {
        if (text == null) {
            nothing();
            return;
        }
        value();
        reserve(1);
        chunk[at++] = '"';
        int length = text.length();
        int from = 0;
        while (from < length) {
            int to = Math.min(length, from + PIECE);
            reserve((to - from) * 6);
            characters(text, from, to);
            from = to;
        }
        reserve(1);
        chunk[at++] = '"';
    }

    public void uuid(String name, UUID id) {
        name(name);
        if (id == null) {
            nothing();
            return;
        }
        value();
        reserve(UUID_LENGTH + 2);
        chunk[at++] = '"';
        at = Uuids.write(id, chunk, at);
        chunk[at++] = '"';
    }

    /** As the contract prints instants; null for none. */
    public void time(String name, OffsetDateTime time) {
        name(name);
        if (time == null) {
            nothing();
            return;
        }
        value();
        reserve(LONGEST_TIME);
        chunk[at++] = '"';
        at = Timestamps.write(time, chunk, at);
        chunk[at++] = 'Z';
        chunk[at++] = '"';
    }

    public void bool(String name, boolean value) {
        name(name);
        raw(value ? "true" : "false");
    }

    public void number(String name, long number) {
        name(name);
        value();
        reserve(LONGEST_NUMBER);
        if (number < 0) {
            ascii(Long.toString(number));
            return;
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            chunk[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        at += digits;
    }

    /** Null for none. */
    public void whole(String name, Number number) {
        if (number == null) {
            nothing(name);
        } else {
            number(name, number.longValue());
        }
    }

    /** Null for none; a finite number. */
    public void decimal(String name, Double number) {
        name(name);
        raw(number == null ? "null" : number.toString());
    }

    /** Null for none. */
    public void money(String name, BigDecimal amount) {
        name(name);
        raw(amount == null ? "null" : amount.toString());
    }

    /** Text that already is JSON; null for none. */
    public void raw(String name, String value) {
        name(name);
        raw(value == null ? "null" : value);
    }

    public void nothing(String name) {
        name(name);
        nothing();
    }

    private void nothing() {
        raw("null");
    }

    private void raw(String value) {
        value();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > CHUNK) {
            flush();
            full.appendBytes(bytes);
            return;
        }
        reserve(bytes.length);
        System.arraycopy(bytes, 0, chunk, at, bytes.length);
        at += bytes.length;
    }

    private void open(char bracket) {
        value();
        reserve(1);
        chunk[at++] = (byte) bracket;
        comma = false;
    }

    private void close(char bracket) {
        reserve(1);
        chunk[at++] = (byte) bracket;
        comma = true;
    }

    /** Before each value; behind a name there is no comma. */
    private void value() {
        if (comma) {
            reserve(1);
            chunk[at++] = ',';
        }
        comma = true;
    }

    private void reserve(int bytes) {
        if (at + bytes > chunk.length) {
            flush();
        }
    }

    private void flush() {
        if (full == null) {
            full = Buffer.buffer(2 * CHUNK);
        }
        full.appendBytes(chunk, 0, at);
        at = 0;
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            chunk[at++] = (byte) text.charAt(i);
        }
    }

    private void characters(String text, int from, int to) {
        byte[] out = chunk;
        int next = at;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                byte escape = ESCAPES[c];
                if (escape == 0) {
                    out[next++] = (byte) c;
                } else {
                    next = escaped(c, escape, next);
                }
            } else if (c < 0x800) {
                out[next++] = (byte) (0xc0 | c >> 6);
                out[next++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                out[next++] = (byte) (0xe0 | c >> 12);
                out[next++] = (byte) (0x80 | c >> 6 & 0x3f);
                out[next++] = (byte) (0x80 | c & 0x3f);
            } else {
                next = escaped(c, BY_NUMBER, next);
            }
        }
        at = next;
    }

    private int escaped(char c, byte escape, int from) {
        int next = from;
        chunk[next++] = '\\';
        chunk[next++] = escape;
        if (escape == BY_NUMBER) {
            chunk[next++] = HEX[c >> 12];
            chunk[next++] = HEX[c >> 8 & 0xf];
            chunk[next++] = HEX[c >> 4 & 0xf];
            chunk[next++] = HEX[c & 0xf];
        }
        return next;
    }

    private static byte[] escapes() {
        var escapes = new byte[0x80];
        for (int control = 0; control < 0x20; control++) {
            escapes[control] = BY_NUMBER;
        }
        escapes['\b'] = 'b';
        escapes['\t'] = 't';
        escapes['\n'] = 'n';
        escapes['\f'] = 'f';
        escapes['\r'] = 'r';
        escapes['"'] = '"';
        escapes['\\'] = '\\';
        return escapes;
    }
}
