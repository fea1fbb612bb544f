package io.waxwatch.notifier.email;

import java.nio.charset.StandardCharsets;

/**
 * The body of a part as RFC 2045 has it: ASCII in lines of 76 at most, which end as mail's lines end. Beyond what it must, it hides
 * a dot and the word {@code From} at the beginning of a line, which mail hosts have always been wrong about.
 */
final class QuotedPrintable {

    private static final int LINE = 76;
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private QuotedPrintable() {}

    /** @param text with {@code \n} (or {@code \r\n}) between its lines */
    static String encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var out = new StringBuilder(bytes.length + bytes.length / 8);
        int column = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte one = bytes[i];
            if (one == '\n' || one == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                i += one == '\r' ? 1 : 0;
                out.append("\r\n");
                column = 0;
                continue;
            }
            boolean last = endsLine(bytes, i + 1);
            boolean plain = (one > ' ' && one <= '~' && one != '=' || one == ' ' && !last)
                    && !(column == 0 && (one == '.' || startsFrom(bytes, i)));
            int size = plain ? 1 : 3;
            // The last character of a line may take the place of the mark that the line goes on.
            if (column + size > (last ? LINE : LINE - 1)) {
                out.append("=\r\n");
                column = 0;
                // What began in the middle begins a line now.
                plain = plain && one != '.' && !startsFrom(bytes, i);
                size = plain ? 1 : 3;
            }
            if (plain) {
                out.append((char) one);
            } else {
                out.append('=').append(HEX[one >> 4 & 15]).append(HEX[one & 15]);
            }
            column += size;
        }
        return out.toString();
    }

    private static boolean endsLine(byte[] bytes, int at) {
        return at >= bytes.length
                || bytes[at] == '\n'
                || bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
    }

    private static boolean startsFrom(byte[] bytes, int at) {
        return at + 4 < bytes.length
                && bytes[at] == 'F'
                && bytes[at + 1] == 'r'
                && bytes[at + 2] == 'o'
                && bytes[at + 3] == 'm'
                && bytes[at + 4] == ' ';
    }
}
