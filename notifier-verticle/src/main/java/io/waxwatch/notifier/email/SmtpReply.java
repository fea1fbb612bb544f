package io.waxwatch.notifier.email;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host's answer.
 *
 * @param code three digits, from 200 to 599
 * @param lines what follows the code, at least one
 */
record SmtpReply(int code, List<String> lines) {

    private static final Pattern ENHANCED = Pattern.compile("^([245])\\.(\\d{1,3})\\.(\\d{1,3})(?:\\s|$)");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7E]+");
    private static final int TOLD = 220;

    /** 2yz and 3yz. */
    boolean isOk() {
        return code < 400;
    }

    /** 5yz. */
    boolean isFinal() {
        return code >= 500;
    }

    /** The middle number of the enhanced status code (RFC 3463), what it is about; -1 without one. */
    int subject() {
        Matcher matcher = ENHANCED.matcher(lines.get(0));
        return matcher.find() ? Integer.parseInt(matcher.group(2)) : -1;
    }

    /** The last number of the enhanced status code; -1 without one. */
    int detail() {
        Matcher matcher = ENHANCED.matcher(lines.get(0));
        return matcher.find() ? Integer.parseInt(matcher.group(3)) : -1;
    }

    /** Short, bounded and ours: the code, and the enhanced one where there is one. */
    String label() {
        Matcher matcher = ENHANCED.matcher(lines.get(0));
        return matcher.find() ? "smtp_" + code + "_" + matcher.group(0).strip() : "smtp_" + code;
    }

    /** The host's own words: one printable line of bounded length. */
    String told() {
        String line = UNPRINTABLE.matcher(code + " " + String.join(" ", lines)).replaceAll(" ");
        return line.length() <= TOLD ? line : line.substring(0, TOLD) + "...";
    }

    /** All that it says, for looking up words. */
    String words() {
        return String.join(" ", lines);
    }
}
