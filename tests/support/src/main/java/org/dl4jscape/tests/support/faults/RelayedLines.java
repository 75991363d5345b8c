package org.dl4jscape.tests.support.faults;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts a relay between the ranks of a group: the ports in the lines of the rendezvous become doors of the relay. Ranks that
 * listen on 127.0.0.1 only.
 */
public final class RelayedLines implements UnaryOperator<String> {
    private static final Pattern AERON_DOORS = Pattern.compile("\\d+/-?\\d+(,\\d+/-?\\d+)*");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final String HOST = "127.0.0.1";

    private final Relay relay;

    /** The relay that opens a door for each port. */
    public RelayedLines(Relay relay) {
        this.relay = relay;
    }

    /** The line of one rank, with other ports; a line that tells no port stays as it is. */
    @Override
    public String apply(String line) {
        String[] fields = line.split(" ", -1);
        for (int i = 0; i < fields.length; i++) {
            if (fields[0].startsWith("scape-aeron/")
                    && AERON_DOORS.matcher(fields[i]).matches()) {
                fields[i] = Arrays.stream(fields[i].split(",", -1))
                        .map(this::throughDoor)
                        .collect(Collectors.joining(","));
            } else if (fields[0].startsWith("scape-tcp/")
                    && i > 0
                    && fields[i - 1].equals(HOST)
                    && PORT.matcher(fields[i]).matches()) {
                fields[i] = Integer.toString(relay.door(Integer.parseInt(fields[i])));
            }
        }
        return String.join(" ", fields);
    }

    private String throughDoor(String portAndSession) {
        int slash = portAndSession.indexOf('/');
        int port = Integer.parseInt(portAndSession.substring(0, slash));
        return (port == 0 ? 0 : relay.door(port)) + portAndSession.substring(slash);
    }
}
