package io.waxwatch.common.matching;

/** Where a folded phrase occurs in a folded title. Both are as {@link TitleText#fold} leaves them. */
final class Phrases {
    private Phrases() {}

    /** At the start of a word; of several words all but the last are whole, the last is the start of one. */
    static boolean startsIn(String title, String phrase) {
        return find(title, phrase, false);
    }

    /** As whole words. */
    static boolean wholeIn(String title, String phrase) {
        return find(title, phrase, true);
    }

    private static boolean find(String title, String phrase, boolean whole) {
        for (int at = title.indexOf(phrase); at >= 0; at = title.indexOf(phrase, at + 1)) {
            int end = at + phrase.length();
            if ((at == 0 || title.charAt(at - 1) == ' ')
                    && (!whole || end == title.length() || title.charAt(end) == ' ')) {
                return true;
            }
        }
        return false;
    }
}
