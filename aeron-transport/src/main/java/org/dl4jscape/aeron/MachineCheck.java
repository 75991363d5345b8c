package org.dl4jscape.aeron;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dl4jscape.core.exchange.CollectiveException;

/** Finds out before the start whether the machine has what the driver of a rank needs; says the remedy where not. */
final class MachineCheck {
    private final AeronTransport.Context context;

    MachineCheck(AeronTransport.Context context) {
        this.context = context;
    }

    /**
     * Refuses a folder without room for all logs of the ranks that share it. Files are sparse: what the others will
     * need is still free when their drivers have started.
     *
     * @param worldSize number of ranks of the group
     * @param ranksHere number of ranks on this machine
     */
    void sharedMemory(int worldSize, int ranksHere) {
        Path directory = Path.of(context.directory());
        long needed = ranksHere * context.sharedMemoryBytes(worldSize);
        long free;
        try {
            if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
                throw new CollectiveException(
                        "directory=" + directory + " is not a folder that can be written; set directory");
            }
            free = Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new CollectiveException("directory=" + directory + " cannot be examined: " + e.getMessage(), e);
        }
        if (free < needed) {
            throw new CollectiveException(directory + " has " + free + " bytes free (expected: >= " + needed + " for "
                    + ranksHere + " of " + worldSize
                    + " ranks here); make it larger (docker run --shm-size), set termBufferLength below "
                    + context.termBufferLength() + ", or set directory to a folder on a disk");
        }
    }

    /** Refuses an address that is not one of this machine. */
    void address() {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(context.bindAddress(), 0));
        } catch (IOException | UnresolvedAddressException e) {
            throw new CollectiveException(
                    "bindAddress=" + context.bindAddress() + " cannot be bound (expected: an address of this machine): "
                            + e,
                    e);
        }
    }

    /**
     * Asks the system for the receive buffer.
     *
     * @return bytes granted, at most those that the context asks for
     * @throws CollectiveException when less than the window is granted
     */
    int socketReceiveBuffer() {
        int wanted = context.socketRcvbufLength();
        int granted;
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, wanted);
            granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            throw new CollectiveException("no UDP socket could be opened: " + e.getMessage(), e);
        }
        if (granted < context.initialWindowLength()) {
            throw new CollectiveException("the system grants a socket receive buffer of " + granted
                    + " bytes (expected: >= "
                    + "initialWindowLength=" + context.initialWindowLength()
                    + "); raise it (sysctl -w net.core.rmem_max="
                    + wanted + ") or set initialWindowLength=" + Integer.highestOneBit(Math.max(granted, 4096)));
        }
        return Math.min(wanted, granted);
    }
}
