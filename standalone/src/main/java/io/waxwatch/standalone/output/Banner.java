package io.waxwatch.standalone.output;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The few lines printed once everything is up. */
public final class Banner {
    private final Path workingFolder;

    /**
     * Creates the writer.
     *
     * @param workingFolder where the person's shell is: files below it are shown as relative paths
     */
    public Banner(Path workingFolder) {
        this.workingFolder = workingFolder.toAbsolutePath().normalize();
    }

    /**
     * The lines, each ended.
     *
     * @param tokenFile holds the token, so that the commands stay short enough to read and copy
     * @param startup how long the start took
     */
    public String render(RunInfo info, Path tokenFile, Duration startup) {
        if (!info.hasCollector()) {
            return withoutCollector(info, startup);
        }
        String bearer = "-H \"Authorization: Bearer $(cat " + quoted(shown(tokenFile)) + ")\"";
        return """

                WaxWatch is up (%s s).

                  Open     %s
                  Sign in  %s, password %s
                  Mails    %s
                  API      %s/docs, with the token in %s

                See the demo collector's rules:
                  curl -s %s %s/api/watch-rules

                Follow the alerts live:
                  curl -N %s %s/api/stream/events

                Stop with Ctrl-C, or: kill %d

                """.formatted(
                        seconds(startup),
                        info.apiUrl(),
                        info.email(),
                        info.password(),
                        info.mailUrl(),
                        info.apiUrl(),
                        shown(tokenFile),
                        bearer,
                        info.apiUrl(),
                        bearer,
                        info.apiUrl(),
                        info.pid());
    }

    private static String withoutCollector(RunInfo info, Duration startup) {
        return """

                WaxWatch is up (%s s).

                  Open     %s
                  Sign in  at %s, as the environment says
                  Mails    %s
                  API      %s/docs

                There is no demo collector: her sign-in is not running. Take a token of your issuer, and then:
                  curl -s -H "Authorization: Bearer $TOKEN" %s/api/me

                Stop with Ctrl-C, or: kill %d

                """.formatted(
                        seconds(startup),
                        info.apiUrl(),
                        info.issuer(),
                        info.mailUrl(),
                        info.apiUrl(),
                        info.apiUrl(),
                        info.pid());
    }

    private static String seconds(Duration startup) {
        return String.format(Locale.ROOT, "%.1f", startup.toMillis() / 1000.0);
    }

    private String shown(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(workingFolder)
                ? workingFolder.relativize(absolute).toString()
                : absolute.toString();
    }

    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9._/-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
