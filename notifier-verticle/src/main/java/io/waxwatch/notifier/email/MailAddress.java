package io.waxwatch.notifier.email;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One address as it goes on the wire.
 *
 * @param local before the {@code @}; characters outside ASCII need a host that speaks SMTPUTF8
 * @param domain behind it, in the DNS's own ASCII form
 */
record MailAddress(String local, String domain) {

    /** One bare address; anything that could be read as more than that is refused, whatever else RFC 5322 allows. */
    private static final Pattern BARE =
            Pattern.compile("[^\\s\\p{Cc}()<>\\[\\],;:\\\\\"@]{1,64}@[^\\s\\p{Cc}()<>\\[\\],;:\\\\\"@]{1,255}");

    private static final Pattern DOTS = Pattern.compile("[.\u3002\uFF0E\uFF61]");
    private static final Pattern ASCII_LABEL = Pattern.compile("[a-z0-9_-]{1,63}");

    /**
     * Reads a bare address.
     *
     * @return empty when it is none that a mail can safely go to
     */
    static Optional<MailAddress> parse(String address) {
        if (address == null || !BARE.matcher(address).matches()) {
            return Optional.empty();
        }
        int at = address.indexOf('@');
        String local = address.substring(0, at);
        if (local.getBytes(StandardCharsets.UTF_8).length > 64 || !wellFormed(local)) {
            return Optional.empty();
        }
        return asciiDomain(address.substring(at + 1)).map(domain -> new MailAddress(local, domain));
    }

    /** Whether only a host that speaks SMTPUTF8 (RFC 6531) can take it. */
    boolean needsUtf8() {
        return !local.chars().allMatch(character -> character < 128);
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }

    private static Optional<String> asciiDomain(String domain) {
        List<String> labels = new ArrayList<>();
        for (String label : DOTS.split(domain, -1)) {
            String ascii = asciiLabel(label);
            if (ascii == null || !ASCII_LABEL.matcher(ascii).matches()) {
                return Optional.empty();
            }
            labels.add(ascii);
        }
        String joined = String.join(".", labels);
        return joined.length() <= 253 ? Optional.of(joined) : Optional.empty();
    }

    /** Null when it is none. */
    private static String asciiLabel(String label) {
        if (!wellFormed(label)) {
            return null;
        }
        String prepared = Normalizer.normalize(label, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        try {
            if (prepared.indexOf('ß') < 0 && prepared.indexOf('ς') < 0) {
                return IDN.toASCII(prepared, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            }
            // The JDK knows only IDNA 2003, which makes "ss" and "σ" of these two: somebody else's domain by now. It
            // still says
            // whether the other characters may stand in a name.
            IDN.toASCII(prepared, IDN.ALLOW_UNASSIGNED);
            return "xn--" + Punycode.encode(prepared);
        } catch (IllegalArgumentException noName) {
            return null;
        }
    }

    private static boolean wellFormed(String text) {
        return text.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE || joins(point));
    }

    /** Joiners and other marks that nobody sees: two addresses that look alike must not be two. */
    private static boolean joins(int point) {
        return Character.getType(point) == Character.FORMAT || Character.getType(point) == Character.CONTROL;
    }
}
