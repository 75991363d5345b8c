package org.dl4jscape.dl4j.launch;

/**
 * A TCP endpoint as users write it.
 *
 * @param host name or address; an IPv6 address without its brackets
 * @param port 0 to 65535; 0 where the system may choose
 */
record HostPort(String host, int port) {
    private static final int LARGEST = 65_535;

    /**
     * Reads {@code host:port} or {@code [address]:port}.
     *
     * @param name of the setting, for the message
     * @throws IllegalArgumentException when it is neither
     */
    static HostPort parse(String name, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? -1 : port(text.substring(colon + 1));
        if (host.isBlank() || port < 0) {
            throw new IllegalArgumentException(name + "=" + text + " (expected: HOST:PORT, port 0 to " + LARGEST + ")");
        }
        return new HostPort(host, port);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port <= LARGEST ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
