package io.waxwatch.common.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.waxwatch.common.settings.UrlPasswords;
import java.nio.charset.StandardCharsets;

/** Writes lines as another encoder does, without the passwords of URLs in them, whoever put them there. */
final class PasswordlessEncoder extends EncoderBase<ILoggingEvent> {

    private final Encoder<ILoggingEvent> lines;

    PasswordlessEncoder(Encoder<ILoggingEvent> lines) {
        this.lines = lines;
        this.started = true;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        byte[] line = lines.encode(event);
        return holdsUrl(line)
                ? UrlPasswords.masked(new String(line, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)
                : line;
    }

    /** Most lines hold none, and cost this look only. */
    private static boolean holdsUrl(byte[] line) {
        for (int i = 0; i + 2 < line.length; i++) {
            if (line[i] == ':' && line[i + 1] == '/' && line[i + 2] == '/') {
                return true;
            }
        }
        return false;
    }

    @Override
    public byte[] headerBytes() {
        return lines.headerBytes();
    }

    @Override
    public byte[] footerBytes() {
        return lines.footerBytes();
    }

    @Override
    public void stop() {
        lines.stop();
        super.stop();
    }
}
