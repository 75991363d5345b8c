package org.dl4jscape.aeron;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Set;
import org.dl4jscape.core.exchange.CollectiveException;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of a peer may come from: the addresses of the host that it announced.
 *
 * @param addresses null: any, since shared memory has no address
 */
record SourceAddress(@Nullable Set<InetAddress> addresses) {
    /** Shared memory: who can write there is decided by the rights of its files. */
    static final SourceAddress ANY = new SourceAddress(null);

    /** Before the rendezvous nobody is expected. */
    static final SourceAddress NOBODY = new SourceAddress(Set.of());

    /**
     * All addresses of a host.
     *
     * @throws CollectiveException when its name does not resolve
     */
    static SourceAddress ofHost(String host) {
        try {
            return new SourceAddress(Set.of(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            throw new CollectiveException(
                    "the address " + host + " that a rank announced does not resolve on this machine; set its"
                            + " bindAddress to an address instead of a name",
                    e);
        }
    }

    /**
     * The address of this machine from which to send, so that peers see the one that was announced; in brackets where it is
     * of version 6. Null where an interface answers to it without having it, as the loopback interface does for 127.0.0.2.
     */
    static @Nullable String toSendFrom(String bindAddress) {
        try {
            InetAddress address = InetAddress.getByName(bindAddress);
            if (NetworkInterface.getByInetAddress(address) == null) {
                return null;
            }
            String literal = address.getHostAddress();
            return literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal;
        } catch (UnknownHostException | SocketException e) {
            throw new CollectiveException(
                    "bindAddress=" + bindAddress + " cannot be found (expected: an address of this machine)", e);
        }
    }

    /** Whether {@code host:port} of a sender is one of them; all addresses of the loopback interface are one host. */
    boolean includes(String sourceIdentity) {
        if (addresses == null) {
            return true;
        }
        String host = sourceIdentity.substring(0, Math.max(0, sourceIdentity.lastIndexOf(':')));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty()) {
            return false;
        }
        try {
            InetAddress from = InetAddress.getByName(bracketed ? host.substring(1, host.length() - 1) : host);
            return addresses.contains(from)
                    || from.isLoopbackAddress() && addresses.stream().anyMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
