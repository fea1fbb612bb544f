package io.waxwatch.sandbox.ebay;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code q} of a search: words that must all be there, {@code (a, b)} groups of which one must, {@code -word} which must not. */
final class EbayKeywords {

    private static final int MAX_LENGTH = 100;
    private static final Pattern GROUP = Pattern.compile("\\(([^)]*)\\)");

    private final Set<String> all = new HashSet<>();
    private final Set<String> none = new HashSet<>();
    private final List<List<Set<String>>> oneOf = new ArrayList<>();

    private EbayKeywords() {}

    /** Longer text than 100 characters is cut silently, as eBay does. */
    static EbayKeywords parse(String q) {
        var keywords = new EbayKeywords();
        String text = q.length() > MAX_LENGTH ? q.substring(0, MAX_LENGTH) : q;
        Matcher groups = GROUP.matcher(text);
        while (groups.find()) {
            keywords.oneOf.add(Arrays.stream(groups.group(1).split(","))
                    .map(EbayKeywords::words)
                    .filter(words -> !words.isEmpty())
                    .toList());
        }
        for (String part : groups.replaceAll(" ").split("\\s+")) {
            if (part.length() > 1 && part.startsWith("-")) {
                keywords.none.addAll(words(part));
            } else {
                keywords.all.addAll(words(part));
            }
        }
        return keywords;
    }

    boolean matches(String title) {
        Set<String> words = words(title);
        return words.containsAll(all)
                && none.stream().noneMatch(words::contains)
                && oneOf.stream().allMatch(group -> group.stream().anyMatch(words::containsAll));
    }

    private static Set<String> words(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replace("'", "");
        var words = new HashSet<>(Arrays.asList(folded.split("[^\\p{L}\\p{N}]+")));
        words.remove("");
        return words;
    }
}
