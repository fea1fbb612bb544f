package io.waxwatch.common.matching;

import java.text.Normalizer;
import java.util.List;

/**
 * The one way in which titles, keywords, artists and search words are made comparable.
 *
 * <p>Folding applies Unicode compatibility decomposition (NFKD), removes diacritics, lower-cases code point by code
 * point (so independent of locale and of position in the word) and turns everything that is neither letter nor digit
 * into a blank; blanks are collapsed and trimmed. Three refinements:
 *
 * <ul>
 *   <li>marks that spell a word rather than decorate a letter stay: the Japanese voicing marks and the vowel signs of
 *       Indic and South-East Asian scripts; what stays is recomposed (NFC), so Hangul syllables stay whole;
 *   <li>letters whose stroke or ligature has no Unicode decomposition get their usual Latin spelling (ø is o, ß is ss);
 *   <li>invisible format characters (soft hyphen, joiners, direction marks) vanish instead of splitting a word; a
 *       zero-width space does split it.
 * </ul>
 *
 * <p>{@code fold(fold(x))} equals {@code fold(x)}. Cost is linear in the length; callers bound the length.
 */
public final class TitleText {
    private static final int COMBINING_VOICED = 0x3099;
    private static final int COMBINING_SEMI_VOICED = 0x309A;
    private static final int ZERO_WIDTH_SPACE = 0x200B;
    private static final int SERVICE_MARK = 0x2120;
    private static final int TRADE_MARK = 0x2122;

    private TitleText() {}

    /**
     * Folds a text; see the class comment.
     *
     * @param text any text; null counts as empty
     * @return words of letters and digits separated by single blanks; empty when the text has none
     */
    public static String fold(String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return foldUnicode(text);
            }
        }
        return foldAscii(text);
    }

    /** The words of {@link #fold(String)}, in order, with repetitions. */
    public static List<String> words(String text) {
        String folded = fold(text);
        return folded.isEmpty() ? List.of() : List.of(folded.split(" "));
    }

    private static String foldAscii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            }
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                if (gap && out.length() > 0) {
                    out.append(' ');
                }
                gap = false;
                out.append(c);
            } else {
                gap = true;
            }
        }
        return out.toString();
    }

    private static String foldUnicode(String text) {
        // NFKD would spell these two out and glue the letters to the word before them.
        String marked = text.replace((char) TRADE_MARK, ' ').replace((char) SERVICE_MARK, ' ');
        String decomposed = Normalizer.normalize(marked, Normalizer.Form.NFKD);
        StringBuilder out = new StringBuilder(decomposed.length());
        boolean gap = false;
        for (int i = 0; i < decomposed.length(); ) {
            int codePoint = decomposed.codePointAt(i);
            i += Character.charCount(codePoint);
            int type = Character.getType(codePoint);
            if (type == Character.FORMAT && codePoint != ZERO_WIDTH_SPACE) {
                continue;
            }
            boolean mark = isMark(type);
            if (mark && !spellsAWord(codePoint)) {
                continue;
            }
            // A mark needs the letter it belongs to: after a gap it is an orphan.
            if (mark ? !gap && out.length() > 0 : Character.isLetterOrDigit(codePoint)) {
                if (gap && out.length() > 0) {
                    out.append(' ');
                }
                gap = false;
                appendLower(out, codePoint);
            } else {
                gap = true;
            }
        }
        return Normalizer.normalize(out, Normalizer.Form.NFC);
    }

    private static boolean isMark(int type) {
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean spellsAWord(int mark) {
        if (mark == COMBINING_VOICED || mark == COMBINING_SEMI_VOICED) {
            return true;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(mark);
        return switch (script) {
            case INHERITED, COMMON, LATIN, GREEK, CYRILLIC, HEBREW, ARABIC -> false;
            default -> true;
        };
    }

    private static void appendLower(StringBuilder out, int codePoint) {
        int lower = Character.toLowerCase(codePoint);
        switch (lower) {
            case 'ß' -> out.append("ss");
            case 'æ' -> out.append("ae");
            case 'œ' -> out.append("oe");
            case 'ø' -> out.append('o');
            case 'đ', 'ð' -> out.append('d');
            case 'ł' -> out.append('l');
            case 'ħ' -> out.append('h');
            case 'ı' -> out.append('i');
            // The word-final form, which would otherwise depend on where a word was cut.
            case 'ς' -> out.append('σ');
            default -> out.appendCodePoint(lower);
        }
    }
}
