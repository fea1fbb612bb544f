package io.waxwatch.common.testing;

import io.waxwatch.common.settings.DatabaseAddress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A pooler before a PostgreSQL, which does what PgBouncer does by default as far as a client can tell: it refuses start
 * parameters that it does not know, makes up the number of the server process, and hands few server connections to many clients.
 * For what needs no real one.
 */
public final class TestPooler implements AutoCloseable {

    /** When a server connection is given back. */
    public enum Mode {
        SESSION,
        /** A session, given on without being reset, as with an empty {@code server_reset_query}. */
        SESSION_NOT_RESET,
        TRANSACTION
    }

    /** Which free server connection is next. */
    public enum Order {
        LAST_USED,
        LONGEST_RESTED
    }

    private static final Set<String> KNOWN_PARAMETERS = Set.of(
            "user",
            "database",
            "client_encoding",
            "DateStyle",
            "TimeZone",
            "standard_conforming_strings",
            "application_name");
    private static final int SSL_REQUEST = 80_877_103;
    private static final int CANCEL_REQUEST = 80_877_102;

    private final DatabaseAddress server;
    private final Mode mode;
    private final Order order;
    private final BlockingDeque<BusMessage> free = new LinkedBlockingDeque<>();
    private final Set<BusMessage> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "test-pooler");
        thread.setDaemon(true);
        return thread;
    });

    /** @param servers how many server connections there are */
    public TestPooler(DatabaseAddress server, Mode mode, Order order, int servers) {
        this.server = server;
        this.mode = mode;
        this.order = order;
        try {
            for (int i = 0; i < servers; i++) {
                free.add(connect());
            }
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

    /** One side of a conversation. */
    private final class BusMessage implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        BusMessage(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            socket.setTcpNoDelay(true);
            open.add(this);
        }

        private Message read() throws IOException {
            int type = in.read();
            if (type < 0) {
                throw new EOFException();
            }
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            return new Message((char) type, body);
        }

        private void write(Message message) throws IOException {
            out.writeByte(message.type());
            out.writeInt(message.body().length + 4);
            out.write(message.body());
        }

        @Override
        public void close() {
            open.remove(this);
            try {
                socket.close();
            } catch (IOException gone) {
                // It is.
            }
        }
    }

    private record Message(char type, byte[] body) {
        /** Of {@code ReadyForQuery}: whether no transaction is open. */
        boolean idle() {
            return type == 'Z' && body[0] == 'I';
        }
    }

    private BusMessage connect() throws IOException {
        var wire = new BusMessage(new Socket(server.host(), server.port()));
        startup(wire, List.of("user", server.user(), "database", server.database(), "client_encoding", "utf8"));
        while (wire.read().type() != 'Z') {
            // What it says of itself.
        }
        return wire;
    }

    private static void startup(BusMessage wire, List<String> parameters) throws IOException {
        var body = new ByteArrayOutputStream();
        var out = new DataOutputStream(body);
        out.writeInt(196_608);
        for (String word : parameters) {
            out.write(word.getBytes(StandardCharsets.UTF_8));
            out.writeByte(0);
        }
        out.writeByte(0);
        wire.out.writeInt(body.size() + 4);
        body.writeTo(wire.out);
        wire.out.flush();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var client = new BusMessage(listening.accept());
                threads.submit(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(BusMessage client) {
        BusMessage held = null;
        try (client) {
            if (!begin(client)) {
                return;
            }
            if (mode != Mode.TRANSACTION) {
                held = free.take();
            }
            welcome(client);
            while (true) {
                Message asked = client.read();
                if (asked.type() == 'X') {
                    return;
                }
                if (held == null) {
                    held = free.take();
                }
                held.write(asked);
                if (asked.type() == 'Q' || asked.type() == 'S') {
                    held.out.flush();
                    boolean idle = relay(held, client);
                    if (idle && mode == Mode.TRANSACTION) {
                        giveBack(held);
                        held = null;
                    }
                    client.out.flush();
                }
            }
        } catch (IOException gone) {
            // The client, most likely.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            if (held != null) {
                reset(held);
            }
        }
    }

    /** Until the server has said what there is to say. */
    private static boolean relay(BusMessage from, BusMessage to) throws IOException {
        while (true) {
            Message said = from.read();
            to.write(said);
            if (said.type() == 'Z') {
                return said.idle();
            }
        }
    }

    private void giveBack(BusMessage wire) {
        if (order == Order.LAST_USED) {
            free.addFirst(wire);
        } else {
            free.addLast(wire);
        }
    }

    private void reset(BusMessage wire) {
        try {
            for (String sql : mode == Mode.SESSION ? List.of("ROLLBACK", "DISCARD ALL") : List.of("ROLLBACK")) {
                wire.write(new Message('Q', (sql + '\0').getBytes(StandardCharsets.UTF_8)));
                wire.out.flush();
                while (wire.read().type() != 'Z') {
                    // A notice that nothing was open.
                }
            }
            giveBack(wire);
        } catch (IOException gone) {
            wire.close();
        }
    }

    /** False when that was all. */
    private static boolean begin(BusMessage client) throws IOException {
        int length = client.in.readInt();
        int code = client.in.readInt();
        if (code == CANCEL_REQUEST) {
            return false;
        }
        if (code == SSL_REQUEST) {
            client.out.writeByte('N');
            client.out.flush();
            return begin(client);
        }
        byte[] body = new byte[length - 8];
        client.in.readFully(body);
        List<String> words = new ArrayList<>(List.of(new String(body, StandardCharsets.UTF_8).split("\0")));
        for (int i = 0; i + 1 < words.size(); i += 2) {
            if (!KNOWN_PARAMETERS.contains(words.get(i))) {
                client.write(new Message(
                        'E',
                        ("SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: " + words.get(i) + "\0\0")
                                .getBytes(StandardCharsets.UTF_8)));
                client.out.flush();
                return false;
            }
        }
        return true;
    }

    private static void welcome(BusMessage client) throws IOException {
        client.write(new Message('R', new byte[4]));
        for (String parameter :
                List.of("server_version\00015.0", "client_encoding\0UTF8", "standard_conforming_strings\0on")) {
            client.write(new Message('S', (parameter + '\0').getBytes(StandardCharsets.UTF_8)));
        }
        // Not the number of any process.
        client.write(new Message('K', new byte[] {127, 1, 2, 3, 4, 5, 6, 7}));
        client.write(new Message('Z', new byte[] {'I'}));
        client.out.flush();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
        threads.shutdownNow();
        List.copyOf(open).forEach(BusMessage::close);
    }
}
