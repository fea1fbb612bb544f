package io.waxwatch.standalone.process;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on 127.0.0.1 for the embedded parts.
 *
 * <p>Free ports are taken from 20000 to 31999, below the ranges from which Linux (32768 up) and macOS (49152 up)
 * number outgoing connections. A part that is stopped and started again must find its port free, and a client that
 * retries against a port of that range while nobody listens can end up connected to itself and hold it.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 31_999;
    private static final int ATTEMPTS = 500;

    private Ports() {}

    /** A port that nobody listens on now. It is not reserved: take it at once. */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new PartFailedException("No free port found between " + FIRST + " and " + LAST + " on 127.0.0.1.");
    }

    /**
     * The wanted port, or a free one when {@code wanted} is 0.
     *
     * @param part whose port this is, for the message
     * @param setting the setting that chooses it, for the message
     * @throws PartFailedException when the wanted port is taken
     */
    public static int claim(int wanted, String part, String setting) {
        if (wanted == 0) {
            return free();
        }
        if (!isFree(wanted)) {
            throw new PartFailedException(part + " cannot start: port " + wanted
                    + " on 127.0.0.1 is already taken. Free it, or choose another by " + setting + ".");
        }
        return wanted;
    }

    /**
     * The port that this part had in the last run if it is free now, else a free one, remembered in {@code file} for
     * the next run: so addresses, and tokens that name their issuer's address, stay valid from one run to the next.
     *
     * @param file a properties file, made when missing; one writer at a time
     * @param part the part's name, the key in the file
     */
    public static int remembered(Path file, String part) {
        Properties ports = read(file);
        int port = parse(ports.getProperty(part));
        if (port == 0 || !isFree(port)) {
            port = free();
            ports.setProperty(part, Integer.toString(port));
            write(file, ports);
        }
        return port;
    }

    /** Whether a server could listen on this port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int parse(String value) {
        try {
            int port = value == null ? 0 : Integer.parseInt(value);
            return port >= FIRST && port <= LAST ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Properties read(Path file) {
        Properties ports = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                ports.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                // A damaged memory of ports is worth nothing: choose anew.
                ports.clear();
            }
        }
        return ports;
    }

    private static void write(Path file, Properties ports) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (Writer writer = Files.newBufferedWriter(file)) {
                ports.store(writer, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
