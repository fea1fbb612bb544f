package io.waxwatch.notifier.email;

import java.util.List;

/** A mail being written, as plain text and as HTML at once, so that both say the same. Everything given to it is escaped. */
final class Letter {

    private final String subject;
    private final StringBuilder text = new StringBuilder(512);
    private final StringBuilder html = new StringBuilder(1024);

    Letter(String subject, String opening) {
        this.subject = subject;
        html.append("<!DOCTYPE html>\n<html><body style=\"font-family:sans-serif;color:#222;max-width:36em\">\n");
        paragraph(opening);
    }

    String subject() {
        return subject;
    }

    void heading(String line) {
        text.append(line).append("\n\n");
        html.append("<h2 style=\"font-size:1.2em\">").append(escape(line)).append("</h2>\n");
    }

    void paragraph(String line) {
        text.append(line).append("\n\n");
        html.append("<p>").append(escape(line)).append("</p>\n");
    }

    void field(String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
        html.append("<div><b>")
                .append(escape(name))
                .append(":</b> ")
                .append(escape(value))
                .append("</div>\n");
    }

    /** Nothing when there are no lines. */
    void list(String name, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        text.append('\n').append(name).append(":\n");
        html.append("<p><b>").append(escape(name)).append(":</b></p>\n<ul>\n");
        for (String line : lines) {
            text.append("- ").append(line).append('\n');
            html.append("<li>").append(escape(line)).append("</li>\n");
        }
        html.append("</ul>\n");
    }

    /** @param url checked by the caller to be http or https */
    void link(String name, String url) {
        text.append('\n').append(name).append(":\n").append(url).append('\n');
        html.append("<p><a href=\"")
                .append(escape(url))
                .append("\">")
                .append(escape(name))
                .append("</a></p>\n");
    }

    void footer(String line) {
        // "-- " on its own line is how mail programs know a signature.
        text.append("\n-- \n").append(line).append('\n');
        html.append("<p style=\"color:#777;font-size:0.85em\">")
                .append(escape(line))
                .append("</p>\n");
    }

    String text() {
        return text.toString();
    }

    String html() {
        return html + "</body></html>\n";
    }

    static String escape(String raw) {
        StringBuilder escaped = new StringBuilder(raw.length() + 16);
        raw.chars().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append((char) character);
            }
        });
        return escaped.toString();
    }
}
