package org.dl4jscape.aeron;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.aeron.exchange.FrameCheck;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;

/**
 * What one rank makes known at the rendezvous: where each peer must send to reach it.
 *
 * <p>As a line: {@code scape-aeron/2 rank world generation shape stream host hostId folder port/session,...}, one door
 * per rank, its own being {@code 0/0}; the port is 0 where only shared memory leads in. With a shared secret stream and
 * sessions are 0: they follow from the keys of the group and are told to nobody.
 *
 * @param group place of the rank that wrote the line
 * @param shape what all ranks must have set alike, because it fixes the length of a chunk
 * @param streamId stream on which it listens
 * @param host address on which it listens
 * @param hostId name of its machine
 * @param folder of its media driver
 * @param doors by rank of the sender
 */
record RankEndpoint(
        ProcessGroup group, String shape, int streamId, String host, String hostId, String folder, List<Door> doors) {
    private static final String FORMAT = "scape-aeron/2";
    private static final int FIELDS = 10;

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

    /** The settings that all ranks must have alike. */
    static String shapeOf(AeronTransport.Context context) {
        String ways =
                switch (context.ways()) {
                    case UDP -> "aeron:mtuLength=" + context.mtuLength();
                    case IPC -> "ipc:ipcMtuLength=" + context.ipcMtuLength();
                    case MIXED -> "mixed:mtuLength=" + context.mtuLength() + ",ipcMtuLength=" + context.ipcMtuLength();
                };
        return context.frameCheck() == FrameCheck.HMAC ? ways + ",frameCheck=hmac" : ways;
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
                shape,
                Integer.toString(streamId),
                host,
                hostId,
                URLEncoder.encode(folder, StandardCharsets.UTF_8),
                String.join(",", fields));
    }

    /**
     * Reads the line of {@code rank} and checks that it belongs to the group of this rank.
     *
     * @throws CollectiveException when it does not, naming the rank and both values
     */
    static RankEndpoint parse(String line, int rank, ProcessGroup own, String ownShape) {
        String[] fields = line.trim().split(" ", -1);
        if (fields.length != FIELDS || !fields[0].equals(FORMAT)) {
            throw unreadable(line, rank, null);
        }
        requireEqual("rank", rank, Integer.toString(rank), fields[1]);
        requireEqual("worldSize", rank, Integer.toString(own.worldSize()), fields[2]);
        requireEqual("generation", rank, Integer.toString(own.generation()), fields[3]);
        requireEqual("transport", rank, ownShape, fields[4]);
        List<Door> doors = new ArrayList<>();
        ProcessGroup group = new ProcessGroup(rank, own.worldSize(), own.generation());
        try {
            for (String door : fields[9].split(",", -1)) {
                int slash = door.indexOf('/');
                doors.add(new Door(
                        Integer.parseInt(door.substring(0, slash)), Integer.parseInt(door.substring(slash + 1))));
            }
            requireEqual("number of doors", rank, Integer.toString(own.worldSize()), Integer.toString(doors.size()));
            String folder = URLDecoder.decode(fields[8], StandardCharsets.UTF_8);
            return new RankEndpoint(group, ownShape, Integer.parseInt(fields[5]), fields[6], fields[7], folder, doors);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw unreadable(line, rank, e);
        }
    }

    private static CollectiveException unreadable(String line, int rank, @Nullable RuntimeException cause) {
        String sentence = "rank " + rank + " announced '" + line + "' (expected: a line of " + FIELDS
                + " fields that starts with " + FORMAT + "); do all ranks use the same transport and version?";
        return cause == null ? new CollectiveException(sentence) : new CollectiveException(sentence, cause);
    }

    private static void requireEqual(String name, int rank, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new CollectiveException("rank " + rank + " announced " + name + "=" + actual + " (expected: "
                    + expected + ", as on this rank)");
        }
    }
}
