package io.waxwatch.common.settings;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where PostgreSQL is and who we are there.
 *
 * @param host name or address, without brackets also for IPv6; {@code localhost} when a socket directory is given
 * @param port 1..65535
 * @param database decoded name; the user's name if the URL names none, as libpq does
 * @param user decoded name
 * @param password decoded; empty if the server asks for none
 * @param sslMode how much the connection is protected
 * @param socketDirectory the folder of the server's unix socket; empty for TCP
 */
public record DatabaseAddress(
        String host,
        int port,
        String database,
        String user,
        String password,
        SslMode sslMode,
        Optional<String> socketDirectory) {

    private static final int DEFAULT_PORT = 5432;
    private static final String EXAMPLE = "postgresql://user:password@host:5432/database";
    private static final Pattern SCHEME =
            Pattern.compile("postgres(?:ql)?(?:\\+[a-z0-9_]+)?://", Pattern.CASE_INSENSITIVE);

    /** The protection levels of libpq's {@code sslmode}, in rising order. */
    public enum SslMode {
        DISABLE,
        ALLOW,
        PREFER,
        REQUIRE,
        VERIFY_CA,
        VERIFY_FULL;

        /** As written in a URL. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static SslMode parse(String text) {
            for (SslMode mode : values()) {
                if (mode.text().equals(text.toLowerCase(Locale.ROOT))) {
                    return mode;
                }
            }
            throw new IllegalArgumentException(
                    "has an unknown sslmode; write disable, allow, prefer, require, verify-ca or verify-full");
        }
    }

    /**
     * Reads {@code postgresql://[user[:password]@][host][:port][/database][?key=value&…]}. The scheme may also be {@code postgres}
     * and may carry a driver's name ({@code postgresql+psycopg}). User, password, host and database are percent-decoded. A host that
     * starts with a slash, in its place ({@code %2Fvar%2Frun%2Fpostgresql}) or as {@code ?host=}, is the folder of a unix socket. The
     * keys host, port, dbname, user, password and sslmode count, others are ignored.
     *
     * @throws IllegalArgumentException naming the part that is wrong and what to write, never the text itself
     */
    public static DatabaseAddress parse(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.lookingAt()) {
            throw new IllegalArgumentException("does not start with postgresql:// or postgres://; write " + EXAMPLE);
        }
        String rest = text.substring(scheme.end());
        if (rest.indexOf('#') >= 0) {
            throw new IllegalArgumentException("holds a '#'; write it as %23");
        }
        int queryStart = rest.indexOf('?');
        Map<String, String> query = parseQuery(queryStart < 0 ? "" : rest.substring(queryStart + 1));
        String beforeQuery = queryStart < 0 ? rest : rest.substring(0, queryStart);
        // The last '@' ends the credentials: a password with a bare '@' or '/' is then still read as its owner meant
        // it.
        int at = beforeQuery.lastIndexOf('@');
        String credentials = at < 0 ? "" : beforeQuery.substring(0, at);
        String place = beforeQuery.substring(at + 1);
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        String path = slash < 0 ? "" : place.substring(slash + 1);

        int colon = credentials.indexOf(':');
        String user =
                query.getOrDefault("user", decode("user", colon < 0 ? credentials : credentials.substring(0, colon)));
        String password =
                query.getOrDefault("password", colon < 0 ? "" : decode("password", credentials.substring(colon + 1)));
        if (user.isEmpty()) {
            throw new IllegalArgumentException("names no user; write " + EXAMPLE);
        }
        if (path.indexOf('/') >= 0) {
            throw new IllegalArgumentException("has a '/' in the database name; write it as %2F");
        }
        String database = query.getOrDefault("dbname", decode("database", path));
        HostAndPort hostAndPort = parseAuthority(authority);
        String host = query.getOrDefault("host", hostAndPort.host());
        Optional<String> socketDirectory = host.startsWith("/") ? Optional.of(host) : Optional.empty();
        return new DatabaseAddress(
                socketDirectory.isPresent() || host.isEmpty() ? "localhost" : checkedHost(host),
                query.containsKey("port") ? parsePort(query.get("port")) : hostAndPort.port(),
                checkedName("database", database.isEmpty() ? user : database),
                checkedName("user", user),
                checkedName("password", password),
                query.containsKey("sslmode") ? SslMode.parse(query.get("sslmode")) : SslMode.PREFER,
                socketDirectory);
    }

    /**
     * The same address for the JDBC driver, without user and password, which go separately. A unix socket is refused, because that
     * driver speaks TCP only.
     *
     * @throws IllegalStateException for a unix socket
     */
    public String jdbcUrl() {
        if (socketDirectory.isPresent()) {
            throw new IllegalStateException("DATABASE_URL names a unix socket; JDBC needs a host and a port");
        }
        return "jdbc:postgresql://" + bracketed() + ":" + port + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20") + "?sslmode="
                + sslMode.text();
    }

    /** The address without the password. */
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + socketDirectory.orElse(bracketed()) + ":" + port + "/" + database
                + "?sslmode=" + sslMode.text();
    }

    private String bracketed() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private record HostAndPort(String host, int port) {}

    private static HostAndPort parseAuthority(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            if (end < 0 || (end + 1 < authority.length() && authority.charAt(end + 1) != ':')) {
                throw new IllegalArgumentException("has an IPv6 host without its closing bracket; write [::1]:5432");
            }
            String host = authority.substring(1, end);
            if (!host.matches("[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?")) {
                throw new IllegalArgumentException("has a host in brackets that is not an IPv6 address; write [::1]");
            }
            return new HostAndPort(
                    host, end + 1 == authority.length() ? DEFAULT_PORT : parsePort(authority.substring(end + 2)));
        }
        int colon = authority.lastIndexOf(':');
        if (colon != authority.indexOf(':')) {
            throw new IllegalArgumentException("has more than one ':' in the host; write an IPv6 host as [::1]");
        }
        String host = decode("host", colon < 0 ? authority : authority.substring(0, colon));
        return new HostAndPort(host, colon < 0 ? DEFAULT_PORT : parsePort(authority.substring(colon + 1)));
    }

    private static int parsePort(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("has an impossible port; write one from 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static String checkedHost(String host) {
        if (!host.matches("[0-9A-Za-z._:%-]+")) {
            throw new IllegalArgumentException(
                    "has a host with a character that no host has; percent-encode '@', ':', '/' and '?' in the password");
        }
        return host;
    }

    private static String checkedName(String part, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("has a zero byte in the " + part + "; PostgreSQL takes none");
        }
        return value;
    }

    private static Map<String, String> parseQuery(String query) {
        Map<String, String> values = new HashMap<>();
        List<String> pairs = new ArrayList<>(List.of(query.split("&", -1)));
        pairs.removeIf(String::isEmpty);
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("has a parameter without a value; write ?sslmode=require");
            }
            String key = pair.substring(0, equals);
            values.put(key, decode("parameters", pair.substring(equals + 1)));
        }
        return values;
    }

    /** Percent-decoding only: a plus stays a plus, unlike in a form. */
    static String decode(String part, String text) {
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            if (source[i] != '%') {
                bytes.put(source[i]);
                continue;
            }
            int high = i + 2 < source.length ? Character.digit(source[i + 1], 16) : -1;
            int low = i + 2 < source.length ? Character.digit(source[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException(
                        "has a '%' in the " + part + " that encodes nothing; write it as %25");
            }
            bytes.put((byte) (high * 16 + low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notText) {
            throw new IllegalArgumentException("has a percent-encoded " + part + " that is not UTF-8");
        }
    }
}
