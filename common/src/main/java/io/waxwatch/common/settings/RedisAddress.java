package io.waxwatch.common.settings;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where Redis is.
 *
 * @param connectionString the URL as the Redis client takes it; it may hold a password, so it is not for messages
 * @param host without brackets, also for IPv6
 * @param port 1..65535
 * @param database the number of the logical database
 * @param tls whether the connection is encrypted
 */
public record RedisAddress(String connectionString, String host, int port, int database, boolean tls) {

    private static final int DEFAULT_PORT = 6379;

    /**
     * Reads {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} for TLS.
     *
     * @throws IllegalArgumentException naming the part that is wrong, never the password
     */
    @SuppressWarnings("UnusedException") // The cause's message repeats the whole text, password included.
    public static RedisAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(
                    "is not a URL; write redis://host:6379/0, and percent-encode special characters in the password");
        }
        boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"redis".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("does not start with redis:// or rediss://; write redis://host:6379/0");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("names no host; write redis://host:6379/0");
        }
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("names an impossible port; write one from 1 to 65535");
        }
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new RedisAddress(text, host, port, database(uri.getPath()), tls);
    }

    private static int database(String path) {
        if (path == null || path.isEmpty() || path.equals("/")) {
            return 0;
        }
        if (!path.matches("/[0-9]{1,4}")) {
            throw new IllegalArgumentException("names a database that is not a number; write redis://host:6379/0");
        }
        return Integer.parseInt(path.substring(1));
    }

    @Override
    public String toString() {
        return (tls ? "rediss://" : "redis://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/"
                + database;
    }
}
