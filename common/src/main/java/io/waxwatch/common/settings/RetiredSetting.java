package io.waxwatch.common.settings;

import java.util.List;

/**
 * A variable that earlier deployments set and that nothing reads any more.
 *
 * @param name the variable
 * @param successors what to set instead; empty if there is nothing to set
 * @param reason why it is gone, one sentence
 */
public record RetiredSetting(String name, List<String> successors, String reason) {

    public RetiredSetting {
        successors = List.copyOf(successors);
    }

    /** One line for whoever still sets it. */
    public String advice() {
        return successors.isEmpty()
                ? name + " is not read any more: " + reason
                : name + " is not read any more, set " + String.join(" and ", successors) + " instead: " + reason;
    }
}
