package io.waxwatch.notifier.email;

/** RFC 3492, the writing half: how a label of a domain is written in ASCII. */
final class Punycode {

    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;

    private Punycode() {}

    /** Without the prefix {@code xn--}. */
    static String encode(String label) {
        int[] points = label.codePoints().toArray();
        var written = new StringBuilder();
        for (int point : points) {
            if (point < 128) {
                written.append((char) point);
            }
        }
        int basic = written.length();
        int handled = basic;
        if (basic > 0) {
            written.append('-');
        }
        int next = 128;
        int delta = 0;
        int bias = 72;
        while (handled < points.length) {
            int lowest = Integer.MAX_VALUE;
            for (int point : points) {
                if (point >= next && point < lowest) {
                    lowest = point;
                }
            }
            delta = Math.addExact(delta, Math.multiplyExact(lowest - next, handled + 1));
            next = lowest;
            for (int point : points) {
                if (point < next) {
                    delta++;
                } else if (point == next) {
                    number(delta, bias, written);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            next++;
        }
        return written.toString();
    }

    private static void number(int delta, int bias, StringBuilder written) {
        int rest = delta;
        for (int k = BASE; ; k += BASE) {
            int threshold = Math.max(T_MIN, Math.min(T_MAX, k - bias));
            if (rest < threshold) {
                written.append(digit(rest));
                return;
            }
            written.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
            rest = (rest - threshold) / (BASE - threshold);
        }
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapt(int delta, int points, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
