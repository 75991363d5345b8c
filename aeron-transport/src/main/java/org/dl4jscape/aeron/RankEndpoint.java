package org.dl4jscape.aeron;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;

/**
 * What one rank makes known at the rendezvous: where each peer must send to reach it.
 *
 * <p>As a line: {@code scape-aeron/1 rank world generation mtu stream host port/session,port/session,...}, one door per
 * rank, its own being {@code 0/0}.
 *
 * @param group place of the rank that wrote the line
 * @param mtuLength largest datagram in bytes, the same on all ranks because it fixes the chunk length
 * @param streamId stream on which it listens
 * @param host address on which it listens
 * @param doors by rank of the sender
 */
record RankEndpoint(ProcessGroup group, int mtuLength, int streamId, String host, List<Door> doors) {
    private static final String FORMAT = "scape-aeron/1";

    /**
     * A socket for one sender.
     *
     * @param port bound UDP port
     * @param sessionId the only session that is accepted there
     */
    record Door(int port, int sessionId) {}

    RankEndpoint {
        doors = List.copyOf(doors);
    }

    String toLine() {
        List<String> fields = new ArrayList<>();
        for (Door door : doors) {
            fields.add(door.port() + "/" + door.sessionId());
        }
        return String.join(
                " ",
                FORMAT,
                Integer.toString(group.rank()),
                Integer.toString(group.worldSize()),
                Integer.toString(group.generation()),
                Integer.toString(mtuLength),
                Integer.toString(streamId),
                host,
                String.join(",", fields));
    }

    /**
     * Reads the line of {@code rank} and checks that it belongs to the group of this rank.
     *
     * @throws CollectiveException when it does not, naming the rank and both values
     */
    static RankEndpoint parse(String line, int rank, ProcessGroup own, int ownMtuLength) {
        String[] fields = line.trim().split(" ", -1);
        if (fields.length != 8 || !fields[0].equals(FORMAT)) {
            throw new CollectiveException(
                    "rank " + rank + " announced '" + line + "' (expected: a line that starts with " + FORMAT
                            + "); do all ranks use the same transport and version?");
        }
        requireEqual("rank", rank, Integer.toString(rank), fields[1]);
        requireEqual("worldSize", rank, Integer.toString(own.worldSize()), fields[2]);
        requireEqual("generation", rank, Integer.toString(own.generation()), fields[3]);
        requireEqual("mtuLength", rank, Integer.toString(ownMtuLength), fields[4]);
        List<Door> doors = Arrays.stream(fields[7].split(",", -1))
                .map(RankEndpoint::parseDoor)
                .toList();
        requireEqual("number of doors", rank, Integer.toString(own.worldSize()), Integer.toString(doors.size()));
        ProcessGroup group = new ProcessGroup(rank, own.worldSize(), own.generation());
        return new RankEndpoint(group, ownMtuLength, Integer.parseInt(fields[5]), fields[6], doors);
    }

    private static Door parseDoor(String text) {
        int slash = text.indexOf('/');
        return new Door(Integer.parseInt(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    private static void requireEqual(String name, int rank, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new CollectiveException("rank " + rank + " announced " + name + "=" + actual + " (expected: "
                    + expected + ", as on this rank)");
        }
    }
}
