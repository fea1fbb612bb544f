package io.waxwatch.gateway.search;

import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.Provider;
import io.waxwatch.common.matching.RuleQuery;
import io.waxwatch.common.providers.EnabledProviders;
import io.waxwatch.gateway.validation.BodyFields;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads and checks a search, in the contract's words. */
final class SearchInput {

    private static final int DEFAULT_PAGE_SIZE = 24;
    private static final int MAX_PAGE_SIZE = 100;
    private static final int MAX_CONDITION = 30;

    private final EnabledProviders enabled;

    SearchInput(EnabledProviders enabled) {
        this.enabled = enabled;
    }

    /** What does not fit is among the violations of {@code body}, and reads as absent. */
    SearchQuery read(BodyFields body) {
        List<String> keywords = body.texts("keywords").orElseGet(List::of);
        var words = new RuleQuery(Set.of(), keywords, List.of(), null, null, null, null);
        words.excess()
                .or(() -> keywords.stream().allMatch(String::isBlank) ? Optional.empty() : Criteria.faultOfWords(words))
                .ifPresent(fault -> body.refuse("keywords", fault));
        List<String> providers = body.nullableTexts("providers")
                .map(named -> chosen(body, named))
                .orElseGet(enabled::wireNames);
        Optional<BigDecimal> min = body.nullableMoney("min_price");
        Optional<BigDecimal> max = body.nullableMoney("max_price");
        if (min.isPresent() && max.isPresent() && max.get().compareTo(min.get()) < 0) {
            body.refuse("max_price must be greater than or equal to min_price");
        }
        Optional<String> condition = body.nullableText("min_condition", 1, MAX_CONDITION);
        condition.flatMap(Criteria::faultOfGrade).ifPresent(fault -> body.refuse("min_condition", fault));
        long page = body.whole("page", 1, Integer.MAX_VALUE).orElse(1);
        int pageSize = (int) body.whole("page_size", 1, MAX_PAGE_SIZE).orElse(DEFAULT_PAGE_SIZE);
        return new SearchQuery(
                keywords, providers, min.orElse(null), max.orElse(null), condition.orElse(null), page, pageSize);
    }

    private List<String> chosen(BodyFields body, List<String> named) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : named) {
            String wireName = name.strip().toLowerCase(Locale.ROOT);
            if (wireName.isEmpty()) {
                continue;
            }
            Optional<Provider> provider = Provider.fromWireName(wireName);
            if (provider.isEmpty()) {
                body.refuse("providers", "Invalid provider: " + wireName + "; " + choice());
                return List.of();
            }
            Optional<String> disabled = enabled.whyDisabled(provider.get());
            if (disabled.isPresent()) {
                body.refuse("providers", "Unsupported provider: " + wireName + "; " + choice());
                return List.of();
            }
            chosen.add(wireName);
        }
        if (chosen.isEmpty()) {
            body.refuse("providers", "providers must contain at least one valid provider; " + choice());
        }
        return List.copyOf(chosen);
    }

    /** What can be searched here. */
    private String choice() {
        return enabled.wireNames().isEmpty()
                ? "no marketplace is set up here"
                : "give " + String.join(" or ", enabled.wireNames());
    }
}
