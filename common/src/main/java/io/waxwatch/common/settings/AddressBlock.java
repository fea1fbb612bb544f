package io.waxwatch.common.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of IPv4 or IPv6 addresses. An IPv4 address inside IPv6 ({@code ::ffff:10.0.0.1}) is the IPv4 address.
 *
 * @param first an address of the block; only its first {@code bits} count
 * @param bits 0..32 or 0..128
 */
public record AddressBlock(InetAddress first, int bits) {

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a single address; empty if it is none. */
    static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int size = address.get().getAddress().length * 8;
        if (slash < 0) {
            return Optional.of(new AddressBlock(address.get(), size));
        }
        String bits = text.substring(slash + 1);
        return bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= size
                ? Optional.of(new AddressBlock(address.get(), Integer.parseInt(bits)))
                : Optional.empty();
    }

    /** Reads an address as digits, never as a name: nothing is looked up. Empty if it is none. */
    public static Optional<InetAddress> address(String text) {
        boolean isIpv4 = IPV4.matcher(text).matches();
        if (!isIpv4 && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff) >> (8 - rest) == 0;
    }

    /** As {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        return first.getHostAddress() + '/' + bits;
    }
}
