package io.waxwatch.common.telemetry;

import static net.logstash.logback.argument.StructuredArguments.kv;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.vertx.core.json.JsonObject;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.testing.TestLogging;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class LoggingTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        TestLogging.restore();
    }

    @Test
    void writes_one_json_object_a_line_with_the_event_and_its_fields() {
        configure("true", "INFO");

        LoggerFactory.getLogger("test").info("poll.claimed", kv("poll_id", "p1"), kv("lag_ms", 12));

        assertThat(lines()).hasSize(1);
        var line = new JsonObject(lines().get(0));
        assertThat(line.fieldNames()).containsExactlyInAnyOrder("ts", "level", "logger", "event", "poll_id", "lag_ms");
        assertThat(line.getString("event")).isEqualTo("poll.claimed");
        assertThat(line.getString("level")).isEqualTo("INFO");
        assertThat(line.getInteger("lag_ms")).isEqualTo(12);
    }

    @Test
    void keeps_an_exception_on_its_line() {
        configure("true", "INFO");

        LoggerFactory.getLogger("test").error("poll.failed", new IllegalStateException("two\nlines"));

        assertThat(lines()).hasSize(1);
        assertThat(new JsonObject(lines().get(0)).getString("exc_info")).contains("IllegalStateException");
    }

    @Test
    void keeps_a_line_for_people_one_line_whatever_a_field_holds() {
        configure("false", "INFO");

        LoggerFactory.getLogger("test").info("request.end", kv("path", "/a\r\n12:00 INFO forged | \u001b[31m\u2028"));

        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0))
                .endsWith("path=/a??12:00 INFO forged | ?[31m?")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void no_line_holds_the_password_of_a_url_whoever_wrote_it(String json) {
        configure(json, "INFO");

        var cause = new IllegalArgumentException(
                "cannot parse redis://:s3cr3t%w@h:6379",
                new URISyntaxException("redis://:s3cr3t%w@h:6379", "Malformed escape pair"));
        LoggerFactory.getLogger("test")
                .error(
                        "redis.away",
                        kv("url", "https://u:s3cr3t@h/"),
                        kv("other", "https://h/?password=s3cr3t"),
                        cause);

        assertThat(String.join("\n", lines()))
                .contains("https://u:***redacted***@h/", "URISyntaxException")
                .doesNotContain("s3cr3t");
    }

    @Test
    void leaves_out_what_is_below_the_level() {
        configure("true", "WARNING");

        LoggerFactory.getLogger("test").info("poll.claimed");

        assertThat(lines()).isEmpty();
    }

    @Test
    void writes_text_for_people_when_json_is_off() {
        configure("false", "INFO");

        LoggerFactory.getLogger("io.waxwatch.Test").info("poll.claimed");

        assertThat(lines().get(0)).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO +Test \\| poll\\.claimed.*");
    }

    @Test
    @Timeout(60)
    void no_caller_waits_for_whoever_reads_the_output() {
        var reader = new Semaphore(0);
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setOutputStream(new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                reader.acquireUninterruptibly();
                reader.release();
                super.write(bytes, from, length);
            }
        });
        configure("true", "INFO", appender);

        int lines = 3 * Logging.MAX_WAITING;
        for (int i = 0; i < lines; i++) {
            LoggerFactory.getLogger("test").info("request.end", kv("number", i));
        }
        LoggerFactory.getLogger("test").error("disk.full");
        reader.release();

        // The writer takes all that waits into its hand at once, so a queue's worth may be there beside the queue.
        assertThat(lines()).hasSizeBetween(Logging.MAX_WAITING * 3 / 4, 2 * Logging.MAX_WAITING);
        assertThat(lines().get(0)).contains("\"number\":0");
        assertThat(lines()).last().asString().contains("disk.full");
    }

    private void configure(String json, String level) {
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setOutputStream(out);
        configure(json, level, appender);
    }

    private void configure(String json, String level, OutputStreamAppender<ILoggingEvent> appender) {
        var settings = Settings.load(
                Map.of("JSON_LOGS", json, "LOG_LEVEL", level, "DATABASE_URL", "postgresql://u:p@localhost/db"),
                Role.MIGRATE);
        Logging.configure(settings, appender);
    }

    private List<String> lines() {
        Logging.close();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
