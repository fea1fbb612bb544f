package io.waxwatch.common.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per log event on stdout: JSON with {@code ts}, {@code level}, {@code logger}, {@code event}, then the
 * event's own fields; or plain text for human eyes. The message is a stable dotted event name.
 *
 * <p>A thread of its own writes: no event loop waits for whoever reads our output. When 4,096 lines wait, what comes is
 * dropped; from four fifths of that on, whatever is less than a warning is.
 */
public final class Logging {

    static final int MAX_WAITING = 4_096;
    /** How long the end of the process waits for the lines that are left. */
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(2);

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
        context.start();
        appender.setContext(context);
        appender.setEncoder(new PasswordlessEncoder(
                settings.get(SettingsCatalog.JSON_LOGS)
                        ? jsonEncoder(context, settings.find(SettingsCatalog.NODE_NAME))
                        : plainEncoder(context)));
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.convertAnSLF4JLevel(settings.get(SettingsCatalog.LOG_LEVEL)));
        root.addAppender(behindQueue(context, appender));
        for (String noisy : new String[] {"com.hazelcast", "io.netty", "org.flywaydb", "io.zonky", "com.icegreen"}) {
            context.getLogger(noisy).setLevel(Level.WARN);
        }
        // Warnings about what we neither do (CP structures) nor can change (Vert.x registers some gauges twice).
        for (String wrong : new String[] {"com.hazelcast.cp.CPSubsystem", MeterRegistry.class.getName()}) {
            context.getLogger(wrong).setLevel(Level.ERROR);
        }
    }

    /** Writes what waits, and ends logging: the last thing before the process ends, for a halt would lose it. */
    public static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static AsyncAppender behindQueue(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
        var queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(MAX_WAITING);
        queue.setDiscardingThreshold(MAX_WAITING / 5);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime((int) FLUSH_LIMIT.toMillis());
        queue.addAppender(appender);
        queue.start();
        return queue;
    }

    private static Encoder<ILoggingEvent> jsonEncoder(LoggerContext context, Optional<String> node) {
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
        node.ifPresent(name ->
                encoder.setCustomFields(new JsonObject().put("node", name).encode()));
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> plainEncoder(LoggerContext context) {
        var layout = new PatternLayout();
        layout.getInstanceConverterMap().put("fields", EventFields::new);
        layout.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} | %msg%fields%n");
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setLayout(layout);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** The event's own fields as {@code name=value}; without it a plain line would say that something happened, not what. */
    private static final class EventFields extends ClassicConverter {
        private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

        @Override
        public String convert(ILoggingEvent event) {
            Object[] fields = event.getArgumentArray();
            return fields == null || fields.length == 0
                    ? ""
                    : Arrays.stream(fields)
                            .map(String::valueOf)
                            // One event, one line, whatever a caller wrote into a path.
                            .map(text -> CONTROL.matcher(text).replaceAll("?"))
                            .collect(Collectors.joining(" ", " ", ""));
        }
    }
}
