package io.waxwatch.gateway.throttle;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.waxwatch.common.settings.AddressBlock;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * From where a request comes: the peer, or, as long as that is a proxy of ours, whom it says it speaks for. Read from the right,
 * because everything left of the first stranger was written by strangers. Immutable.
 */
public final class ClientAddress {

    /** Whoever is given an IPv6 address is given 2^64 of them, and may use each once. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private final List<AddressBlock> trusted;

    public ClientAddress(List<AddressBlock> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** The client's IPv4 address, or its IPv6 network of 64 bits, as text. */
    public String of(HttpServerRequest request) {
        String peer = request.remoteAddress().hostAddress();
        return peer == null ? "local" : of(peer, request.headers());
    }

    String of(String peer, MultiMap headers) {
        Optional<InetAddress> known = AddressBlock.address(peer.replaceFirst("%.*", ""));
        return known.map(address -> text(behind(address, headers))).orElse(peer);
    }

    private InetAddress behind(InetAddress peer, MultiMap headers) {
        if (!isTrusted(peer)) {
            return peer;
        }
        List<String> forwarded = forwarded(headers.getAll("forwarded"));
        List<String> listed = split(String.join(",", headers.getAll("x-forwarded-for")), ',');
        InetAddress byForwarded = rightmostStranger(peer, forwarded);
        InetAddress byList = rightmostStranger(peer, listed);
        if (forwarded.isEmpty() || listed.isEmpty()) {
            return forwarded.isEmpty() ? byList : byForwarded;
        }
        // A proxy writes one of them and lets the other pass, so one of them may be made up; who makes one up shares
        // the
        // proxy's own budget.
        return byForwarded.equals(byList) ? byList : peer;
    }

    /** Walks left while the hops are ours; a hop that is no address says nothing, nor does anything before it. */
    private InetAddress rightmostStranger(InetAddress peer, List<String> hops) {
        InetAddress nearest = peer;
        for (int i = hops.size() - 1; i >= 0 && isTrusted(nearest); i--) {
            Optional<InetAddress> hop = address(hops.get(i));
            if (hop.isEmpty()) {
                return nearest;
            }
            nearest = hop.get();
        }
        return nearest;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(block -> block.contains(address));
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1}, {@code [2001:db8::1]} or {@code [2001:db8::1]:4711}. */
    private static Optional<InetAddress> address(String hop) {
        String bare = hop.strip();
        int bracket = bare.indexOf(']');
        if (bare.startsWith("[") && bracket > 0) {
            return AddressBlock.address(bare.substring(1, bracket));
        }
        int colon = bare.indexOf(':');
        boolean hasPort = colon > 0 && colon == bare.lastIndexOf(':');
        return AddressBlock.address(hasPort ? bare.substring(0, colon) : bare);
    }

    /** The {@code for} of each hop of {@code Forwarded} (RFC 7239); blank where a hop has none. */
    private static List<String> forwarded(List<String> lines) {
        var hops = new ArrayList<String>();
        for (String element : split(String.join(",", lines), ',')) {
            String hop = "";
            for (String pair : split(element, ';')) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase("for")) {
                    hop = pair.substring(equals + 1).strip().replace("\"", "");
                }
            }
            hops.add(hop);
        }
        return hops;
    }

    /** Splits outside of quoted strings; blank parts at the ends of a list are none. */
    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == separator && !quoted)) {
                String part = text.substring(start, i);
                if (!part.isBlank()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }

    private static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? address.getHostAddress()
                : HexFormat.ofDelimiter(":").formatHex(bytes, 0, IPV6_NETWORK_BYTES) + "::/64";
    }
}
