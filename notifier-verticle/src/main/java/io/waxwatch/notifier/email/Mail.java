package io.waxwatch.notifier.email;

/**
 * A mail to one reader.
 *
 * @param messageId with its angle brackets; the same for every try of one notification
 * @param to one bare address
 * @param subject one line, without control characters
 */
public record Mail(String messageId, String to, String subject, String text, String html) {}
