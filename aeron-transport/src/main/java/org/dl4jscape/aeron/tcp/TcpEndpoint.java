package org.dl4jscape.aeron.tcp;

import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;

/**
 * What one rank makes known at the rendezvous, as a line: {@code scape-tcp/1 rank world generation shape host port
 * random}.
 *
 * @param rank the rank that wrote the line
 * @param host address on which it listens
 * @param port bound TCP port
 */
record TcpEndpoint(int rank, String host, int port) {
    private static final String FORMAT = "scape-tcp/1";
    private static final int FIELDS = 8;

    /** What all ranks must have set alike: {@code maxMessageLength}, and {@code ,frameCheck=hmac} where it is that. */
    static String shapeOf(int maxMessageLength, boolean hmac) {
        return maxMessageLength + (hmac ? ",frameCheck=hmac" : "");
    }

    /** The line, with 32 hexadecimal digits that nobody can guess. */
    String toLine(ProcessGroup group, String shape, String random) {
        return String.join(
                " ",
                FORMAT,
                Integer.toString(rank),
                Integer.toString(group.worldSize()),
                Integer.toString(group.generation()),
                shape,
                host,
                Integer.toString(port),
                random);
    }

    /**
     * Reads the line of {@code rank} and checks that it belongs to the group of this rank.
     *
     * @throws CollectiveException when it does not, naming the rank and both values
     */
    static TcpEndpoint parse(String line, int rank, ProcessGroup own, String ownShape) {
        String[] fields = line.trim().split(" ", -1);
        if (fields.length != FIELDS || !fields[0].equals(FORMAT) || !fields[6].matches("\\d{1,5}")) {
            throw new CollectiveException("rank " + rank + " announced '" + line + "' (expected: a line of " + FIELDS
                    + " fields that starts with " + FORMAT + "); do all ranks use the same transport and version?");
        }
        requireEqual("rank", rank, Integer.toString(rank), fields[1]);
        requireEqual("worldSize", rank, Integer.toString(own.worldSize()), fields[2]);
        requireEqual("generation", rank, Integer.toString(own.generation()), fields[3]);
        requireEqual("maxMessageLength", rank, ownShape, fields[4]);
        return new TcpEndpoint(rank, fields[5], Integer.parseInt(fields[6]));
    }

    private static void requireEqual(String name, int rank, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new CollectiveException("rank " + rank + " announced " + name + "=" + actual + " (expected: "
                    + expected + ", as on this rank)");
        }
    }
}
