package io.waxwatch.gateway.watchrules;

import java.util.Map;

/**
 * What the owner decides about a rule.
 *
 * @param query plain maps, lists, texts and numbers; see {@code RuleQuery}
 * @param pollIntervalSeconds how often the owner wants it polled
 */
public record RuleState(String name, Map<String, Object> query, boolean active, int pollIntervalSeconds) {}
