package io.waxwatch.standalone.mail;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The sink's pages. No script, nothing from elsewhere; everything that came by mail is escaped. */
final class MailPages {
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #e4e2dd; --soft: #6b6862; --ink: #22201d; --ground: #faf9f7;
              --card: #fff; --accent: #8a4b12; }
            @media (prefers-color-scheme: dark) { :root { --line: #35322e; --soft: #a09b93; --ink: #ece9e4;
              --ground: #191816; --card: #211f1c; --accent: #e0a063; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--ground); color: var(--ink);
              font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
            main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
            h1 { font-size: 1.4rem; font-weight: 600; margin: 0 0 .25rem; overflow-wrap: anywhere; }
            a { color: var(--accent); }
            .soft { color: var(--soft); margin: 0 0 1.5rem; }
            ol { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line);
              border-radius: 8px; overflow: hidden; }
            li + li { border-top: 1px solid var(--line); }
            li a { display: block; padding: .75rem 1rem; color: inherit; text-decoration: none; }
            li a:hover, li a:focus-visible { background: var(--ground); }
            .subject { display: block; font-weight: 600; overflow-wrap: anywhere; }
            .facts { display: flex; gap: .25rem 1.25rem; flex-wrap: wrap; color: var(--soft); font-size: .875rem; }
            .facts time { margin-left: auto; font-variant-numeric: tabular-nums; }
            .empty { padding: 3rem 1rem; text-align: center; color: var(--soft); background: var(--card);
              border: 1px solid var(--line); border-radius: 8px; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0 1.5rem;
              font-size: .9rem; }
            dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
            h2 { font-size: .8rem; font-weight: 600; color: var(--soft); margin: 1.5rem 0 .5rem;
              text-transform: uppercase; letter-spacing: .05em; }
            iframe, pre { width: 100%; border: 1px solid var(--line); border-radius: 8px; }
            iframe { height: 24rem; background: #fff; }
            pre { margin: 0; padding: 1rem; background: var(--card); white-space: pre-wrap; overflow-wrap: anywhere;
              font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
            """;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss", Locale.ENGLISH);

    private final ZoneId zone;

    /** Creates the pages; times are shown in {@code zone}. */
    MailPages(ZoneId zone) {
        this.zone = zone;
    }

    String list(List<ReceivedMail> newestFirst, int capacity) {
        String body = newestFirst.isEmpty()
                ? "<p class=\"empty\">No mail yet. It appears here by itself as soon as something matches.</p>"
                : newestFirst.stream().map(this::row).collect(Collectors.joining("", "<ol>", "</ol>"));
        String count = newestFirst.size() == 1 ? "1 mail" : newestFirst.size() + " mails";
        return page(
                "WaxWatch mails",
                "<meta http-equiv=\"refresh\" content=\"10\">",
                "<h1>Mails</h1><p class=\"soft\">" + count + ", newest first; the newest " + capacity
                        + " are kept. Nothing here leaves this machine.</p>" + body);
    }

    String mail(ReceivedMail mail) {
        String html = mail.html().isEmpty()
                ? ""
                : "<h2>As HTML</h2><iframe title=\"The mail as HTML\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" src=\"/mails/"
                        + mail.id() + "/html\"></iframe>";
        String text = mail.text()
                .map(content -> "<h2>As text</h2><pre>" + escape(content.strip()) + "</pre>")
                .orElse("");
        String none = html.isEmpty() && text.isEmpty() ? "<p class=\"empty\">This mail has no text.</p>" : "";
        return page(
                subject(mail),
                "",
                "<p class=\"soft\"><a href=\"/\">All mails</a></p><h1>" + escape(subject(mail))
                        + "</h1><dl><dt>From</dt><dd>"
                        + escape(mail.from()) + "</dd><dt>To</dt><dd>" + escape(mail.to())
                        + "</dd><dt>Received</dt><dd>"
                        + time(mail.receivedAt()) + "</dd></dl>" + html + text + none);
    }

    String missing() {
        return page(
                "No such mail",
                "",
                "<h1>No such mail</h1><p class=\"soft\">It may have made room for newer ones. <a href=\"/\">All mails</a></p>");
    }

    private String row(ReceivedMail mail) {
        return "<li><a href=\"/mails/" + mail.id() + "\"><span class=\"subject\">" + escape(subject(mail))
                + "</span><span class=\"facts\"><span>" + escape(mail.from()) + " → " + escape(mail.to()) + "</span>"
                + time(mail.receivedAt()) + "</span></a></li>";
    }

    private String time(Instant at) {
        return "<time datetime=\"" + at + "\">" + TIME.format(at.atZone(zone)) + "</time>";
    }

    private static String subject(ReceivedMail mail) {
        return mail.subject().isBlank() ? "(no subject)" : mail.subject();
    }

    private static String page(String title, String head, String body) {
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">" + head + "<title>"
                + escape(title) + "</title><style>" + STYLE + "</style></head><body><main>" + body
                + "</main></body></html>";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
