package io.waxwatch.common.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where Redis is and who we are there.
 *
 * @param nodes the server, or the Sentinels that know where it is; at least one
 * @param master the name under which the Sentinels know the server; empty when {@code nodes} is the server itself
 * @param database the number of the logical database
 * @param login who we are at the server
 * @param sentinelLogin who we are at the Sentinels
 * @param tls whether connections are encrypted, those to Sentinels too
 */
public record RedisAddress(
        List<Node> nodes, Optional<String> master, int database, Login login, Login sentinelLogin, boolean tls) {

    private static final int SERVER_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;
    private static final String EXAMPLE = "redis://host:6379/0";
    private static final String SENTINEL_EXAMPLE = "redis+sentinel://host1:26379,host2:26379/mymaster/0";
    private static final Pattern SCHEME =
            Pattern.compile("redis(s?)(\\+sentinel|-sentinel)?://", Pattern.CASE_INSENSITIVE);

    /**
     * A server or a Sentinel.
     *
     * @param host without brackets, also for IPv6
     * @param port 1..65535
     */
    public record Node(String host, int port) {

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Name and password, decoded.
     *
     * @param user empty for the server's default user
     * @param password empty when none is asked for
     */
    public record Login(Optional<String> user, Optional<Secret> password) {
        static final Login NONE = new Login(Optional.empty(), Optional.empty());
    }

    /**
     * Reads {@code redis://[[user]:password@]host[:port][/database]}, {@code rediss://} for TLS, and
     * {@code redis+sentinel://[[user]:password@]host[:port][,host[:port]…]/master[/database]} or {@code rediss+sentinel://} for a
     * server that is found through Sentinels. User and password are percent-decoded, and a plus is a plus. The parameters user,
     * password, db, sentinel_user and sentinel_password count, others are ignored. Without a password of their own Sentinels are told
     * the server's, which one that asks for none takes too.
     *
     * @throws IllegalArgumentException naming the part that is wrong, never the text itself
     */
    public static RedisAddress parse(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.lookingAt()) {
            throw new IllegalArgumentException(
                    "does not start with redis://, rediss:// or redis+sentinel://; write " + EXAMPLE);
        }
        boolean bySentinel = scheme.group(2) != null;
        String rest = text.substring(scheme.end());
        if (rest.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
            throw new IllegalArgumentException("holds a blank or a control character; percent-encode it, as %20");
        }
        int question = rest.indexOf('?');
        Map<String, String> query = query(question < 0 ? "" : rest.substring(question + 1));
        String whole = question < 0 ? rest : rest.substring(0, question);
        // The last '@' ends the credentials: a password with a bare '@' or '/' is then still read as its owner meant
        // it.
        int at = whole.lastIndexOf('@');
        String credentials = at < 0 ? "" : whole.substring(0, at);
        String beforeQuery = whole.substring(at + 1);
        int slash = beforeQuery.indexOf('/');
        String authority = slash < 0 ? beforeQuery : beforeQuery.substring(0, slash);
        String path = slash < 0 ? "" : beforeQuery.substring(slash + 1);

        Login login = login(credentials, query);
        List<Node> nodes = nodes(authority, bySentinel);
        boolean tls = !scheme.group(1).isEmpty();
        if (!bySentinel) {
            String database = path.isEmpty() ? query.getOrDefault("db", "0") : path;
            return new RedisAddress(nodes, Optional.empty(), database(database), login, Login.NONE, tls);
        }
        int second = path.indexOf('/');
        String master = DatabaseAddress.decode("master's name", second < 0 ? path : path.substring(0, second));
        if (master.isEmpty()) {
            throw new IllegalArgumentException("does not name the master; write " + SENTINEL_EXAMPLE);
        }
        String database =
                second < 0 || second + 1 == path.length() ? query.getOrDefault("db", "0") : path.substring(second + 1);
        Optional<Secret> sentinelPassword =
                Optional.ofNullable(query.get("sentinel_password")).map(Secret::new);
        return new RedisAddress(
                nodes,
                Optional.of(master),
                database(database),
                login,
                new Login(
                        Optional.ofNullable(query.get("sentinel_user")),
                        sentinelPassword.isPresent() ? sentinelPassword : login.password()),
                tls);
    }

    private static Login login(String credentials, Map<String, String> query) {
        int colon = credentials.indexOf(':');
        String user = DatabaseAddress.decode("user", colon < 0 ? credentials : credentials.substring(0, colon));
        String password = colon < 0 ? "" : DatabaseAddress.decode("password", credentials.substring(colon + 1));
        return new Login(
                Optional.of(user.isEmpty() ? query.getOrDefault("user", "") : user)
                        .filter(name -> !name.isEmpty()),
                Optional.of(password.isEmpty() ? query.getOrDefault("password", "") : password)
                        .filter(word -> !word.isEmpty())
                        .map(Secret::new));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), DatabaseAddress.decode("parameters", pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static List<Node> nodes(String authority, boolean bySentinel) {
        List<Node> nodes = new ArrayList<>();
        for (String each : authority.split(",", -1)) {
            nodes.add(node(each, bySentinel ? SENTINEL_PORT : SERVER_PORT));
        }
        if (nodes.size() > 1 && !bySentinel) {
            throw new IllegalArgumentException("names several hosts; write one, or for Sentinels " + SENTINEL_EXAMPLE);
        }
        return List.copyOf(nodes);
    }

    private static Node node(String text, int usualPort) {
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') : text.indexOf(':');
        if (bracketed && end < 0) {
            throw new IllegalArgumentException("has an IPv6 host without its closing bracket; write [::1]:6379");
        }
        String host = bracketed ? text.substring(1, end) : end < 0 ? text : text.substring(0, end);
        String after = end < 0 ? "" : text.substring(bracketed ? end + 1 : end);
        if (host.isEmpty()) {
            throw new IllegalArgumentException(
                    "names no host; write " + EXAMPLE + ", and percent-encode '?' and '#' in the password");
        }
        if (!host.matches(bracketed ? "[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?" : "[0-9A-Za-z._-]+")) {
            throw new IllegalArgumentException("has a host with a character that no host has; write " + EXAMPLE
                    + ", and an IPv6 host in brackets");
        }
        if (after.isEmpty() || after.equals(":")) {
            return new Node(host, usualPort);
        }
        if (!after.matches(":[0-9]{1,5}")
                || Integer.parseInt(after.substring(1)) < 1
                || Integer.parseInt(after.substring(1)) > 65_535) {
            throw new IllegalArgumentException("names an impossible port; write one from 1 to 65535");
        }
        return new Node(host, Integer.parseInt(after.substring(1)));
    }

    private static int database(String text) {
        if (!text.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("names a database that is not a number; write " + EXAMPLE);
        }
        return Integer.parseInt(text);
    }

    /** The URL of one node as the Redis client takes it, without name and password, which go separately. */
    public String url(Node node) {
        return (tls ? "rediss://" : "redis://") + node;
    }

    /** The address without names and passwords. */
    @Override
    public String toString() {
        return (tls ? "rediss" : "redis") + (master.isPresent() ? "+sentinel" : "") + "://"
                + nodes.stream().map(Node::toString).collect(Collectors.joining(","))
                + master.map(name -> "/" + name).orElse("") + "/" + database;
    }
}
