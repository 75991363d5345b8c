package org.dl4jscape.aeron;

import io.aeron.driver.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.BitUtil;
import org.agrona.SystemUtil;
import org.dl4jscape.aeron.exchange.Exchange;
import org.dl4jscape.aeron.exchange.ExchangeContext;
import org.dl4jscape.aeron.security.SecuredRendezvous;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/** Connects one rank to its group over Aeron, as a {@link Context} says. */
public final class AeronTransport {
    private AeronTransport() {}

    /**
     * Connects one rank; all ranks of the group call it at about the same time.
     *
     * @param group place of this rank
     * @param rendezvous how the ranks learn each other's endpoints
     * @param context settings; concluded here if it was not yet
     * @return collectives that have heard from all ranks
     * @throws org.dl4jscape.core.exchange.CollectiveException when a rank is not heard within the deadline, or the
     *     machine lacks shared memory or socket buffers
     */
    public static Collectives connect(ProcessGroup group, Rendezvous rendezvous, Context context) {
        context.conclude();
        SecuredRendezvous secured = SecuredRendezvous.where(context.secret(), group, rendezvous);
        return secured == null
                ? Exchange.connect(
                        group,
                        SecuredRendezvous.unsecured(group, rendezvous),
                        context,
                        new AeronMedium(group, context, null))
                : Exchange.connect(group, secured, context, new AeronMedium(group, context, secured.keys()));
    }

    /**
     * Refuses a machine that cannot hold some ranks of a group, without starting anything.
     *
     * @param worldSize number of ranks of the group
     * @param localRanks how many of them this machine will have
     * @param context settings; concluded here if it was not yet
     * @throws org.dl4jscape.core.exchange.CollectiveException with the remedy
     */
    static void check(int worldSize, int localRanks, Context context) {
        MachineCheck machine = new MachineCheck(context.conclude());
        machine.sharedMemory(worldSize, localRanks);
        if (context.ways() != Ways.IPC) {
            machine.address();
            machine.socketReceiveBuffer();
        }
    }

    /** Who runs the embedded media driver. */
    public enum DriverThreading {
        /** The exchange thread of the rank; the fastest where cores are few. */
        INVOKER,
        /** A thread of its own per rank. */
        SHARED
    }

    /** By which way a rank reaches its peers. */
    public enum Ways {
        /** UDP to all. */
        UDP("aeron"),
        /** Shared memory to all; they must be on one machine. */
        IPC("ipc"),
        /** Shared memory to the ranks of the same machine, UDP to the others. */
        MIXED("mixed");

        private final String transport;

        Ways(String transport) {
            this.transport = transport;
        }

        /** The name of the transport that goes these ways. */
        public String transport() {
            return transport;
        }
    }

    /**
     * All settings of the transport, in addition to those of every medium. Set, then {@link #conclude()}, which checks
     * each alone and all together and freezes them.
     */
    public static final class Context extends ExchangeContext<Context> {
        /** 1408 bytes: fits every Ethernet. */
        public static final int MTU_LENGTH_DEFAULT = 1408;

        /** 16 KiB where all ranks listen on the loopback interface: four times the throughput of 1408. */
        public static final int LOOPBACK_MTU_LENGTH_DEFAULT = 16 * 1024;

        /** 32 KiB. */
        public static final int IPC_MTU_LENGTH_DEFAULT = 32 * 1024;

        /** 2 MiB. */
        public static final int TERM_BUFFER_LENGTH_DEFAULT = 2 * 1024 * 1024;

        /** 128 KiB: the largest that does not queue up at 100 Mbit/s. */
        public static final int INITIAL_WINDOW_LENGTH_DEFAULT = 128 * 1024;

        private Ways ways = Ways.UDP;
        private String directory = defaultDirectory();
        private String hostId = "";
        private DriverThreading driverThreading = DriverThreading.INVOKER;
        private int mtuLength;
        private int ipcMtuLength = IPC_MTU_LENGTH_DEFAULT;
        private int termBufferLength = TERM_BUFFER_LENGTH_DEFAULT;
        private int initialWindowLength = INITIAL_WINDOW_LENGTH_DEFAULT;
        private int socketRcvbufLength;

        /** All defaults. */
        public Context() {
            property("directory", (name, text) -> directory(text));
            property("hostId", (name, text) -> hostId(text));
            property("driverThreading", (name, text) -> driverThreading(threading(name, text)));
            property("mtuLength", (name, text) -> mtuLength(size(name, text)));
            property("ipcMtuLength", (name, text) -> ipcMtuLength(size(name, text)));
            property("termBufferLength", (name, text) -> termBufferLength(size(name, text)));
            property("initialWindowLength", (name, text) -> initialWindowLength(size(name, text)));
            property("socketRcvbufLength", (name, text) -> socketRcvbufLength(size(name, text)));
        }

        @Override
        protected Context self() {
            return this;
        }

        @Override
        protected void concludeMedium() {
            if (mtuLength == 0) {
                mtuLength = isLoopback() ? LOOPBACK_MTU_LENGTH_DEFAULT : MTU_LENGTH_DEFAULT;
            }
            if (socketRcvbufLength == 0) {
                socketRcvbufLength = Math.multiplyExact(2, initialWindowLength);
            }
            checkDatagram("mtuLength", mtuLength);
            checkDatagram("ipcMtuLength", ipcMtuLength);
            range("termBufferLength", termBufferLength, 64 * 1024, 1 << 30);
            if (!BitUtil.isPowerOfTwo(termBufferLength)) {
                throw new IllegalArgumentException(
                        "termBufferLength=" + termBufferLength + " (expected: a power of two, such as 2m)");
            }
            ordered("mtuLength", mtuLength, "initialWindowLength", initialWindowLength);
            ordered("initialWindowLength", initialWindowLength, "termBufferLength / 2", termBufferLength / 2);
            ordered("initialWindowLength", initialWindowLength, "socketRcvbufLength", socketRcvbufLength);
            ordered("32 * mtuLength", 32L * mtuLength, "termBufferLength", termBufferLength);
            if (ways != Ways.UDP) {
                ordered("32 * ipcMtuLength", 32L * ipcMtuLength, "termBufferLength", termBufferLength);
            }
            if (hostId.isEmpty()) {
                hostId = HostId.of(Path.of(directory));
            }
            if (hostId.chars().anyMatch(Character::isWhitespace) || hostId.length() > 64) {
                throw new IllegalArgumentException(
                        "hostId=" + hostId + " (expected: at most 64 characters without a space)");
            }
        }

        private static void checkDatagram(String name, int length) {
            range(name, length, 512, Configuration.MAX_UDP_PAYLOAD_LENGTH);
            if (length % 32 != 0) {
                throw new IllegalArgumentException(name + "=" + length + " (expected: a multiple of 32)");
            }
        }

        /** By which way this rank reaches its peers; the same on all ranks. */
        public Context ways(Ways ways) {
            this.ways = set(ways);
            return this;
        }

        public Ways ways() {
            return ways;
        }

        /** What ranks of one machine, and only they, have in common; empty: found out from the system. */
        public Context hostId(String hostId) {
            this.hostId = set(hostId);
            return this;
        }

        public String hostId() {
            return hostId;
        }

        /** Bytes of the longest message by shared memory, with Aeron's header; the same on all ranks. */
        public Context ipcMtuLength(int ipcMtuLength) {
            this.ipcMtuLength = set(ipcMtuLength);
            return this;
        }

        public int ipcMtuLength() {
            return ipcMtuLength;
        }

        /** Folder in which the embedded driver makes its own: {@code /dev/shm} where that exists. */
        public Context directory(String directory) {
            this.directory = set(directory);
            return this;
        }

        public String directory() {
            return directory;
        }

        /** Who runs the embedded media driver. */
        public Context driverThreading(DriverThreading driverThreading) {
            this.driverThreading = set(driverThreading);
            return this;
        }

        public DriverThreading driverThreading() {
            return driverThreading;
        }

        /**
         * Largest datagram, the same on all ranks; at most what the network carries unfragmented, less 28. 0: chosen by
         * the bind address.
         */
        public Context mtuLength(int mtuLength) {
            this.mtuLength = set(mtuLength);
            return this;
        }

        public int mtuLength() {
            return mtuLength;
        }

        /** One of the three terms of a log; a rank holds two logs per peer. A power of two. */
        public Context termBufferLength(int termBufferLength) {
            this.termBufferLength = set(termBufferLength);
            return this;
        }

        public int termBufferLength() {
            return termBufferLength;
        }

        /** Bytes a peer may have under way to this rank. */
        public Context initialWindowLength(int initialWindowLength) {
            this.initialWindowLength = set(initialWindowLength);
            return this;
        }

        public int initialWindowLength() {
            return initialWindowLength;
        }

        /** Receive buffer of each socket; 0: twice the window. */
        public Context socketRcvbufLength(int socketRcvbufLength) {
            this.socketRcvbufLength = set(socketRcvbufLength);
            return this;
        }

        public int socketRcvbufLength() {
            return socketRcvbufLength;
        }

        /**
         * Shared memory that the driver of a rank needs at most, all logs touched: a log for what comes from each peer,
         * and by UDP another for what goes to it.
         */
        public long sharedMemoryBytes(int worldSize) {
            long logs = (ways == Ways.IPC ? 1L : 2L) * (worldSize - 1);
            return logs * (3L * termBufferLength + 4096) + 16L * 1024 * 1024;
        }

        @Override
        public String toString() {
            return "AeronTransport.Context{ways=" + ways
                    + ", " + describe()
                    + ", directory=" + directory
                    + ", hostId=" + hostId
                    + ", driverThreading=" + driverThreading
                    + ", mtuLength=" + mtuLength
                    + ", ipcMtuLength=" + ipcMtuLength
                    + ", termBufferLength=" + termBufferLength
                    + ", initialWindowLength=" + initialWindowLength
                    + ", socketRcvbufLength=" + socketRcvbufLength
                    + '}';
        }

        private boolean isLoopback() {
            try {
                return InetAddress.getByName(bindAddress()).isLoopbackAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(
                        "bindAddress=" + bindAddress() + " (expected: an address or name of this machine)", e);
            }
        }

        private static String defaultDirectory() {
            Path memory = Path.of("/dev/shm");
            return Files.isDirectory(memory) && Files.isWritable(memory) ? memory.toString() : SystemUtil.tmpDirName();
        }

        private static DriverThreading threading(String name, String text) {
            for (DriverThreading value : DriverThreading.values()) {
                if (value.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                    return value;
                }
            }
            throw new IllegalArgumentException(name + "=" + text + " (expected: invoker or shared)");
        }
    }
}
