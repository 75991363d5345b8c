package org.dl4jscape.aeron.exchange;

import org.agrona.DirectBuffer;
import org.dl4jscape.aeron.wire.AbortDecoder;
import org.dl4jscape.aeron.wire.ChunkDecoder;
import org.dl4jscape.aeron.wire.HeartbeatDecoder;
import org.dl4jscape.aeron.wire.LeaveDecoder;
import org.dl4jscape.aeron.wire.LeaveSeenDecoder;
import org.dl4jscape.aeron.wire.MessageHeaderDecoder;
import org.dl4jscape.aeron.wire.OperationKind;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;

/**
 * Takes in the frames of one peer.
 *
 * <p>What does not belong here is ignored and counted: another schema or version, an older or younger generation, the
 * name of another rank, a chunk that came before, a contribution of absurd length. What belongs to an operation that this rank has not begun is kept
 * while {@link ReceiveBudget} allows; beyond that the frame is held back in the medium, and flow control slows the peer down.
 */
final class FrameReader implements FrameHandler {
    private final ProcessGroup group;
    private final Peer peer;
    private final ExchangeLink link;
    private final CountedBytes counters;
    private final ReceiveBudget budget;
    private final int maxLength;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ChunkDecoder chunk = new ChunkDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final AbortDecoder abort = new AbortDecoder();
    private final LeaveDecoder leave = new LeaveDecoder();
    private final LeaveSeenDecoder leaveSeen = new LeaveSeenDecoder();
    private long ignored;

    FrameReader(
            ProcessGroup group,
            Peer peer,
            ExchangeLink link,
            CountedBytes counters,
            ReceiveBudget budget,
            int maxLength) {
        this.group = group;
        this.peer = peer;
        this.link = link;
        this.counters = counters;
        this.budget = budget;
        this.maxLength = maxLength;
    }

    /** Frames that did not belong here. */
    long ignored() {
        return ignored;
    }

    @Override
    public boolean onFrame(DirectBuffer buffer, int offset, int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return ignore();
        }
        header.wrap(buffer, offset);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || header.version() != MessageHeaderDecoder.SCHEMA_VERSION) {
            return ignore();
        }
        int bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH;
        if (bodyLength < header.blockLength()) {
            return ignore();
        }
        return switch (header.templateId()) {
            case ChunkDecoder.TEMPLATE_ID -> onChunk(buffer, offset, length);
            case HeartbeatDecoder.TEMPLATE_ID -> onHeartbeat(buffer, offset, length);
            case AbortDecoder.TEMPLATE_ID -> onAbort(buffer, offset, length);
            case LeaveDecoder.TEMPLATE_ID -> onLeave(buffer, offset, length);
            case LeaveSeenDecoder.TEMPLATE_ID -> onLeaveSeen(buffer, offset, length);
            default -> ignore();
        };
    }

    private boolean onChunk(DirectBuffer buffer, int offset, int length) {
        chunk.wrapAndApplyHeader(buffer, offset, header);
        if (isForeign(chunk.generation(), chunk.rank()) || isAbsurd(chunk.totalLength())) {
            return ignore();
        }
        long sequence = chunk.sequence();
        if (sequence <= peer.completedSequence) {
            return ignore();
        }
        Inbound inbound = peer.incoming.get(sequence);
        if (inbound == null) {
            if (!budget.admits(sequence, chunk.totalLength())) {
                peer.heldBack = true;
                return false;
            }
            inbound = begin(sequence);
        }
        int at = offset + MessageWriter.CHUNK_HEADER_LENGTH;
        int chunkBytes = offset + length - at;
        switch (inbound.add(chunk.position(), chunk.totalLength(), buffer, at, chunkBytes)) {
            case ADDED -> accept(length);
            case COMPLETED -> {
                accept(length);
                peer.incoming.remove(sequence);
                peer.completedSequence = sequence;
                link.events.add(inbound);
                link.wakeTraining();
            }
            case DUPLICATE, MALFORMED -> ignored++;
        }
        return true;
    }

    private Inbound begin(long sequence) {
        Inbound inbound = peer.spare.take(chunk.totalLength());
        OperationKind kind = chunk.kind();
        inbound.begin(peer.rank, sequence, kind, chunk.signature(), chunk.totalLength());
        budget.take(chunk.totalLength());
        peer.incoming.put(sequence, inbound);
        return inbound;
    }

    private void accept(int length) {
        heard();
        counters.addReceived(PayloadKinds.of(chunk.content()), peer.route.wireLength(length));
    }

    private boolean onHeartbeat(DirectBuffer buffer, int offset, int length) {
        heartbeat.wrapAndApplyHeader(buffer, offset, header);
        return control(heartbeat.generation(), heartbeat.rank(), length) || ignore();
    }

    private boolean onAbort(DirectBuffer buffer, int offset, int length) {
        abort.wrapAndApplyHeader(buffer, offset, header);
        if (!control(abort.generation(), abort.rank(), length)) {
            return ignore();
        }
        link.fail(Failure.aborted(peer.rank, abort.reason()));
        return true;
    }

    private boolean onLeave(DirectBuffer buffer, int offset, int length) {
        leave.wrapAndApplyHeader(buffer, offset, header);
        if (!control(leave.generation(), leave.rank(), length)) {
            return ignore();
        }
        peer.owesLeaveSeen = true;
        link.leftAfter.set(peer.rank, leave.lastSequence() + 2);
        link.wakeTraining();
        return true;
    }

    private boolean onLeaveSeen(DirectBuffer buffer, int offset, int length) {
        leaveSeen.wrapAndApplyHeader(buffer, offset, header);
        if (!control(leaveSeen.generation(), leaveSeen.rank(), length)) {
            return ignore();
        }
        peer.leaveSeen = true;
        return true;
    }

    private boolean control(int generation, int rank, int length) {
        if (isForeign(generation, rank)) {
            return false;
        }
        heard();
        counters.addReceived(PayloadKind.CONTROL, peer.route.wireLength(length));
        return true;
    }

    private void heard() {
        peer.heard = true;
        link.lastHeardNs.lazySet(peer.rank, System.nanoTime());
    }

    private boolean isAbsurd(int totalLength) {
        return totalLength < 0 || totalLength > maxLength;
    }

    private boolean isForeign(int generation, int rank) {
        return generation != group.generation() || rank != peer.rank;
    }

    private boolean ignore() {
        ignored++;
        return true;
    }
}
