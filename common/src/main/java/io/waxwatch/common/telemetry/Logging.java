package io.waxwatch.common.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.nio.file.Path;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per log event on stdout: JSON with {@code ts}, {@code level}, {@code logger}, {@code event}, then the
 * event's own fields; or plain text for human eyes. The message is a stable dotted event name.
 */
public final class Logging {

    private Logging() {}

    /** Sets the whole process's logging up, on stdout, from {@code JSON_LOGS} and {@code LOG_LEVEL}. */
    public static void configure(Settings settings) {
        configure(settings, new ConsoleAppender<>());
    }

    /** The same into a file, begun anew: for a process whose terminal belongs to people. */
    public static void configure(Settings settings, Path file) {
        var appender = new FileAppender<ILoggingEvent>();
        appender.setFile(file.toString());
        appender.setAppend(false);
        configure(settings, appender);
    }

    static void configure(Settings settings, OutputStreamAppender<ILoggingEvent> appender) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        appender.setContext(context);
        appender.setEncoder(settings.get(SettingsCatalog.JSON_LOGS) ? jsonEncoder(context) : plainEncoder(context));
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.convertAnSLF4JLevel(settings.get(SettingsCatalog.LOG_LEVEL)));
        root.addAppender(appender);
        for (String noisy : new String[] {"com.hazelcast", "io.netty", "org.flywaydb", "io.zonky", "com.icegreen"}) {
            context.getLogger(noisy).setLevel(Level.WARN);
        }
    }

    private static Encoder<ILoggingEvent> jsonEncoder(LoggerContext context) {
        var names = new LogstashFieldNames();
        names.setTimestamp("ts");
        names.setMessage("event");
        names.setLogger("logger");
        names.setStackTrace("exc_info");
        names.setVersion("[ignore]");
        names.setThread("[ignore]");
        names.setLevelValue("[ignore]");
        var encoder = new LogstashEncoder();
        encoder.setFieldNames(names);
        encoder.setTimeZone("UTC");
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> plainEncoder(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} | %msg %replace(%kvp){'^', ''}%n");
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
