package io.waxwatch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the class archive is made from. Where it fails, every service of a cluster starts in twice the time, and nobody is told. */
@Timeout(120)
class WarmUpTest {

    @Test
    void loads_every_service_and_ends_well_with_nothing_to_connect_to() throws IOException, InterruptedException {
        Process warmUp = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WarmUpMain.class.getName()))
                .redirectErrorStream(true)
                .start();
        String said = new String(warmUp.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(warmUp.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(warmUp.exitValue()).as(said).isZero();
    }
}
