package org.dl4jscape.aeron.exchange;

import java.util.Arrays;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.PendingGather;
import org.dl4jscape.core.exchange.ProcessGroup;

/** The one gather of a kind that may be under way, with its copy of this rank's payload; its own handle, used again and again. */
final class GatherInFlight implements PendingGather {
    final Operation operation = new Operation();
    private final ProcessGroup group;
    private final Arrivals arrivals;
    private byte[] own = new byte[0];
    private int ownLength;
    private boolean underWay;

    GatherInFlight(ProcessGroup group, Arrivals arrivals) {
        this.group = group;
        this.arrivals = arrivals;
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** Copies the payload and hands it out to all peers. */
    PendingGather start(byte[] payload, int length) {
        if (own.length < length) {
            own = Arrays.copyOf(payload, Math.max(length, Math.min(payload.length, 2 * own.length)));
        } else {
            System.arraycopy(payload, 0, own, 0, length);
        }
        ownLength = length;
        underWay = true;
        for (int k = 1; k < group.worldSize(); k++) {
            arrivals.send(operation, (group.rank() + k) % group.worldSize(), own, 0, length);
        }
        return this;
    }

    @Override
    public void await(ByteBlocks into) {
        if (!underWay) {
            throw new IllegalStateException(
                    "the gather of operation " + operation.sequence + " was awaited before; start the next one first");
        }
        arrivals.await(operation);
        into.clear();
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank == group.rank()) {
                into.append(own, 0, ownLength);
            } else {
                Inbound inbound = arrivals.take(operation, rank);
                into.append(inbound.bytes, 0, inbound.length);
                arrivals.giveBack(operation, inbound);
            }
        }
        underWay = false;
    }
}
