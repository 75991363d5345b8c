package org.dl4jscape.aeron.rendezvous;

import java.net.InetSocketAddress;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;

/** Reads {@code host:port}, {@code [v6]:port}. */
final class HostAddress {
    private static final int PORT_MAX = 65_535;

    private HostAddress() {}

    /**
     * The address, resolved.
     *
     * @throws IllegalArgumentException when it is no address
     * @throws RendezvousException when the name is unknown
     */
    static InetSocketAddress resolve(String text) {
        int colon = text.lastIndexOf(':');
        String digits = text.substring(colon + 1);
        if (colon <= 0
                || !digits.matches("\\d{1,5}")
                || Integer.parseInt(digits) > PORT_MAX
                || Integer.parseInt(digits) == 0) {
            throw new IllegalArgumentException(
                    "rendezvous=" + text + " (expected: host:port, such as 10.0.0.3:7077 or [::1]:7077)");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        InetSocketAddress address = new InetSocketAddress(
                bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(digits));
        if (address.isUnresolved()) {
            throw new RendezvousException(
                    Reason.UNKNOWN_HOST,
                    "the host of rendezvous=" + text
                            + " does not resolve on this machine; check the name, or use its address");
        }
        return address;
    }
}
