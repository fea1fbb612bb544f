package io.waxwatch.common.testing;

import io.waxwatch.common.settings.DatabaseAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes bytes on to a server until it falls silent: then connections are still taken, as the kernel takes them for a process that is
 * stopped, and nothing is passed on, and nobody is told. What was connected by then stays silent for good, as when a host vanishes;
 * only connections made after {@link #speak} are served again.
 */
public final class SilentProxy implements AutoCloseable {

    private final DatabaseAddress server;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> served = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "silent-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean silent;

    public SilentProxy(DatabaseAddress server) {
        this.server = server;
        try {
            listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        threads.submit(this::accept);
    }

    /** The same database, by way of this. */
    public DatabaseAddress address() {
        return DatabaseAddress.parse("postgresql://%s@127.0.0.1:%d/%s?sslmode=disable"
                .formatted(server.user(), listening.getLocalPort(), server.database()));
    }

    /** From now on nothing is passed on. */
    public void fallSilent() {
        silent = true;
        served.clear();
    }

    /** Serves new connections again. */
    public void speak() {
        silent = false;
    }

    /** How many clients are connected and have not gone. */
    public int clients() {
        return open.size();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                if (!silent) {
                    served.add(client);
                }
                Socket upstream = new Socket(server.host(), server.port());
                upstream.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                threads.submit(() -> pass(client, upstream, client));
                threads.submit(() -> pass(upstream, client, client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, Socket client) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (served.contains(client)) {
                    out.write(bytes, 0, read);
                }
            }
        } catch (IOException gone) {
            // One side, and so the other.
        } finally {
            open.remove(client);
            served.remove(client);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
        for (Socket client : List.copyOf(open)) {
            try {
                client.close();
            } catch (IOException gone) {
                // It is.
            }
        }
        threads.shutdownNow();
    }
}
