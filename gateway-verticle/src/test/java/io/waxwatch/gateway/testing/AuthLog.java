package io.waxwatch.gateway.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What is logged about signing in while a test runs. */
public final class AuthLog implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("app.auth");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private final Level before = logger.getLevel();

    public AuthLog() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    /** The lines of one event, with their fields, as a person reads them. */
    public List<String> of(String event) {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getMessage().equals(event))
                .map(AuthLog::text)
                .toList();
    }

    public List<String> all() {
        return List.copyOf(lines.list).stream().map(AuthLog::text).toList();
    }

    private static String text(ILoggingEvent line) {
        return line.getFormattedMessage() + ' ' + Arrays.toString(line.getArgumentArray());
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
        logger.setLevel(before);
    }
}
