package io.waxwatch.sandbox.ebay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The {@code fieldgroups} of a call: those that are known, and the rest. */
record EbayFieldGroups(Set<String> known, List<String> unknown) {

    private static final Set<String> SEARCH = Set.of(
            "MATCHING_ITEMS",
            "EXTENDED",
            "FULL",
            "ASPECT_REFINEMENTS",
            "BUYING_OPTION_REFINEMENTS",
            "CATEGORY_REFINEMENTS",
            "CONDITION_REFINEMENTS");
    private static final Set<String> ITEM =
            Set.of("PRODUCT", "COMPACT", "ADDITIONAL_SELLER_DETAILS", "CHARITY_DETAILS");

    static EbayFieldGroups ofSearch(String text) {
        return parse(text, SEARCH);
    }

    static EbayFieldGroups ofItem(String text) {
        return parse(text, ITEM);
    }

    boolean has(String group) {
        return known.contains(group);
    }

    /** Whether the search's rows are asked for: by default, unless only refinements are. */
    boolean rows() {
        return known.isEmpty() || has("MATCHING_ITEMS") || has("EXTENDED") || has("FULL");
    }

    boolean refines(String what) {
        return has(what + "_REFINEMENTS") || has("FULL");
    }

    private static EbayFieldGroups parse(String text, Set<String> valid) {
        Set<String> known = new TreeSet<>();
        List<String> unknown = new ArrayList<>();
        for (String group : (text == null ? "" : text).split(",")) {
            String name = group.strip();
            if (valid.contains(name)) {
                known.add(name);
            } else if (!name.isEmpty()) {
                unknown.add(name);
            }
        }
        return new EbayFieldGroups(known, unknown);
    }
}
