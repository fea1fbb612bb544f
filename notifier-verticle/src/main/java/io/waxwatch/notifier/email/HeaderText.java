package io.waxwatch.notifier.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Texts in the head of a mail (RFC 5322), in ASCII: what is more than that becomes encoded words (RFC 2047), which are cut between
 * characters and never within one, and no line gets longer than 76.
 */
final class HeaderText {

    private static final int LINE = 76;
    /** {@code =?UTF-8?Q?} and {@code ?=} */
    private static final int WRAPPING = 12;

    private static final int WORD = 75 - WRAPPING;
    private static final String FOLD = "\r\n ";
    /** What RFC 2047 leaves as it is wherever an encoded word may stand. */
    private static final String PLAIN_MARKS = "!*+-/";
    /** What a phrase may consist of without quotes (RFC 5322, atext), and blanks. */
    private static final String ATOM_MARKS = "!#$%&'*+-/=?^_`{|}~ ";

    private HeaderText() {}

    /**
     * A text such as a subject.
     *
     * @param text one line
     * @param used characters of the line that the header's name takes
     */
    static String text(String text, int used) {
        return isPlain(text) ? folded(text, used) : encoded(text, used);
    }

    /** An address with the name that mail programs show: {@code Name <a@b>}. */
    static String mailbox(String name, String address, int used) {
        if (name.isEmpty()) {
            return address;
        }
        String shown;
        if (!isPlain(name)) {
            shown = encoded(name, used);
        } else if (name.chars().allMatch(HeaderText::isAtom)) {
            shown = name;
        } else {
            shown = '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        int column = used + shown.length() - (shown.contains(FOLD) ? used + shown.lastIndexOf(FOLD) + 2 : 0);
        return shown + (column + address.length() + 3 > LINE ? FOLD : " ") + "<" + address + ">";
    }

    /** Printable ASCII that no mail program could take for an encoded word, and that can be folded at its blanks. */
    private static boolean isPlain(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < ' ' || character > '~') {
                return false;
            }
            length = character == ' ' ? 0 : length + 1;
            if (length > LINE - 1 - 9) {
                return false;
            }
        }
        return !text.contains("=?") && !text.contains("  ") && text.equals(text.strip());
    }

    private static boolean isAtom(int character) {
        return Character.isLetterOrDigit(character) || ATOM_MARKS.indexOf(character) >= 0;
    }

    private static String folded(String text, int used) {
        if (used + text.length() <= LINE) {
            return text;
        }
        var lines = new StringBuilder(text.length() + 16);
        int column = used;
        for (String word : text.split(" ")) {
            if (lines.isEmpty()) {
                lines.append(word);
            } else if (column + 1 + word.length() > LINE) {
                lines.append(FOLD).append(word);
                column = 0;
            } else {
                lines.append(' ').append(word);
            }
            column += 1 + word.length();
        }
        return lines.toString();
    }

    private static String encoded(String text, int used) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int marked = 0;
        for (byte one : all) {
            marked += quotedLength(one) - 1;
        }
        // Base64 takes a third more, a quoted byte two more: whichever is shorter.
        boolean base64 = marked > all.length / 3;
        var words = new StringBuilder(text.length() * 2);
        var word = new StringBuilder();
        int room = Math.min(WORD, LINE - used - WRAPPING);
        int taken = 0;
        for (int i = 0; i < text.length(); ) {
            int end = i + Character.charCount(text.codePointAt(i));
            byte[] bytes = text.substring(i, end).getBytes(StandardCharsets.UTF_8);
            int size = 0;
            for (byte one : bytes) {
                size += base64 ? 1 : quotedLength(one);
            }
            if (taken + size > (base64 ? room / 4 * 3 : room)) {
                words.append(wrap(word, base64)).append(FOLD);
                word.setLength(0);
                taken = 0;
                room = Math.min(WORD, LINE - 1 - WRAPPING);
            }
            word.append(text, i, end);
            taken += size;
            i = end;
        }
        return words.append(wrap(word, base64)).toString();
    }

    private static String wrap(CharSequence word, boolean base64) {
        byte[] bytes = word.toString().getBytes(StandardCharsets.UTF_8);
        if (base64) {
            return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
        }
        var quoted = new StringBuilder("=?UTF-8?Q?");
        for (byte one : bytes) {
            if (one == ' ') {
                quoted.append('_');
            } else if (quotedLength(one) == 1) {
                quoted.append((char) one);
            } else {
                quoted.append(String.format("=%02X", one));
            }
        }
        return quoted.append("?=").toString();
    }

    private static int quotedLength(byte one) {
        boolean plain = one == ' '
                || one >= '0' && one <= '9'
                || one >= 'A' && one <= 'Z'
                || one >= 'a' && one <= 'z'
                || PLAIN_MARKS.indexOf(one) >= 0;
        return plain ? 1 : 3;
    }
}
