package io.waxwatch.benchmarks.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that loads a server: apart from it, so that neither collects the other's garbage. It is given one line at a
 * time, answers each with one line, and ends with its input, also when the benchmark dies.
 */
public final class Worker implements AutoCloseable {

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;

    private Worker(Process process) {
        this.process = process;
        this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What a worker does with an order. */
    @FunctionalInterface
    public interface Duty {
        /** Answers in one line. */
        String answer(String[] words) throws Exception;
    }

    /** Starts a class whose {@code main} calls {@link #serve}. */
    public static Worker start(Class<?> main, String... flags) throws IOException {
        return start(Build.current(), main, flags);
    }

    /** The same on the classes of a build. */
    public static Worker start(Build build, Class<?> main, String... flags) throws IOException {
        return new Worker(ChildJvm.of(build, main, List.of(), flags)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The worker's side: answers orders until there are no more. */
    public static void serve(Duty duty) throws Exception {
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            System.out.println(duty.answer(line.split(" ")));
        }
    }

    /** Orders something and waits for the answer's words. Blocks. */
    public String[] ask(Object... words) throws IOException {
        var line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        orders.write(line.append('\n').toString());
        orders.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the worker has ended");
        }
        return answer.split(" ");
    }

    @Override
    public void close() throws IOException {
        orders.close();
        process.destroy();
    }
}
