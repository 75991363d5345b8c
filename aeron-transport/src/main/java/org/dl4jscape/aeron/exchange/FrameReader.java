package org.dl4jscape.aeron.exchange;

import org.agrona.DirectBuffer;
import org.dl4jscape.aeron.wire.AbortDecoder;
import org.dl4jscape.aeron.wire.ChunkDecoder;
import org.dl4jscape.aeron.wire.Content;
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
 * <p>What does not belong here is dropped and counted ({@link DropReason}): nothing that comes from the wire is believed
 * before it was checked, and no content of a frame makes this throw. What belongs to an operation that this rank has not
 * begun is kept while {@link ReceiveBudget} allows; beyond that the frame is held back in the medium, and flow control
 * slows the peer down.
 */
final class FrameReader implements FrameHandler {
    /** After so many bytes of a contribution the training thread is woken, to work on what is here. */
    private static final int WAKE_BYTES = 512 * 1024;

    private final ProcessGroup group;
    private final Peer peer;
    private final ExchangeLink link;
    private final CountedBytes counters;
    private final ReceiveBudget budget;
    private final int maxLength;
    private final DroppedFrames dropped;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ChunkDecoder chunk = new ChunkDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final AbortDecoder abort = new AbortDecoder();
    private final LeaveDecoder leave = new LeaveDecoder();
    private final LeaveSeenDecoder leaveSeen = new LeaveSeenDecoder();

    FrameReader(
            ProcessGroup group,
            Peer peer,
            ExchangeLink link,
            CountedBytes counters,
            ReceiveBudget budget,
            int maxLength,
            DroppedFrames dropped) {
        this.group = group;
        this.peer = peer;
        this.link = link;
        this.counters = counters;
        this.budget = budget;
        this.maxLength = maxLength;
        this.dropped = dropped;
    }

    @Override
    public void onDropped(DropReason reason) {
        dropped.count(reason);
    }

    @Override
    public boolean onFrame(DirectBuffer buffer, int offset, int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return drop(DropReason.LENGTH);
        }
        header.wrap(buffer, offset);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || header.version() != MessageHeaderDecoder.SCHEMA_VERSION) {
            return drop(DropReason.SCHEMA);
        }
        int blockLength = blockLengthOf(header.templateId());
        if (blockLength < 0 || header.blockLength() != blockLength) {
            return drop(DropReason.SCHEMA);
        }
        if (length < MessageHeaderDecoder.ENCODED_LENGTH + blockLength) {
            return drop(DropReason.LENGTH);
        }
        return switch (header.templateId()) {
            case ChunkDecoder.TEMPLATE_ID -> onChunk(buffer, offset, length);
            case HeartbeatDecoder.TEMPLATE_ID -> onHeartbeat(buffer, offset, length);
            case AbortDecoder.TEMPLATE_ID -> onAbort(buffer, offset, length);
            case LeaveDecoder.TEMPLATE_ID -> onLeave(buffer, offset, length);
            default -> onLeaveSeen(buffer, offset, length);
        };
    }

    /** Bytes of the fields of a message that may come here, -1 for others. */
    private static int blockLengthOf(int templateId) {
        return switch (templateId) {
            case ChunkDecoder.TEMPLATE_ID -> ChunkDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID -> HeartbeatDecoder.BLOCK_LENGTH;
            case AbortDecoder.TEMPLATE_ID -> AbortDecoder.BLOCK_LENGTH;
            case LeaveDecoder.TEMPLATE_ID -> LeaveDecoder.BLOCK_LENGTH;
            case LeaveSeenDecoder.TEMPLATE_ID -> LeaveSeenDecoder.BLOCK_LENGTH;
            default -> -1;
        };
    }

    private boolean onChunk(DirectBuffer buffer, int offset, int length) {
        chunk.wrapAndApplyHeader(buffer, offset, header);
        if (isForeign(chunk.generation(), chunk.rank())) {
            return true;
        }
        if (!isKnown(chunk.kindRaw(), chunk.contentRaw())) {
            return drop(DropReason.SCHEMA);
        }
        if (chunk.totalLength() < 0 || chunk.totalLength() > maxLength) {
            return drop(DropReason.LENGTH);
        }
        long sequence = chunk.sequence();
        if (sequence <= peer.completedSequence) {
            return drop(DropReason.DUPLICATE);
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
        int before = inbound.arrived();
        switch (inbound.add(chunk.position(), chunk.totalLength(), buffer, at, chunkBytes)) {
            case ADDED -> {
                accept(length);
                if (before / WAKE_BYTES != inbound.arrived() / WAKE_BYTES) {
                    link.wakeTraining();
                }
            }
            case COMPLETED -> {
                accept(length);
                peer.incoming.remove(sequence);
                peer.completedSequence = sequence;
                link.wakeTraining();
            }
            case DUPLICATE -> dropped.count(DropReason.DUPLICATE);
            case MALFORMED -> dropped.count(DropReason.LENGTH);
        }
        return true;
    }

    private Inbound begin(long sequence) {
        Inbound inbound = peer.spare.take(chunk.totalLength());
        OperationKind kind = chunk.kind();
        inbound.begin(peer.rank, sequence, kind, chunk.signature(), chunk.totalLength());
        budget.take(chunk.totalLength());
        peer.incoming.put(sequence, inbound);
        link.events.add(inbound);
        return inbound;
    }

    private void accept(int length) {
        heard();
        counters.addReceived(PayloadKinds.of(chunk.content()), peer.route.wireLength(length));
    }

    private boolean onHeartbeat(DirectBuffer buffer, int offset, int length) {
        heartbeat.wrapAndApplyHeader(buffer, offset, header);
        control(heartbeat.generation(), heartbeat.rank(), length);
        return true;
    }

    private boolean onAbort(DirectBuffer buffer, int offset, int length) {
        abort.wrapAndApplyHeader(buffer, offset, header);
        int reasonAt = abort.limit() + AbortDecoder.reasonHeaderLength();
        if (reasonAt > offset + length || reasonAt + abort.reasonLength() > offset + length) {
            return drop(DropReason.LENGTH);
        }
        if (!control(abort.generation(), abort.rank(), length)) {
            return true;
        }
        link.fail(Failure.aborted(peer.rank, abort.reason()));
        return true;
    }

    private boolean onLeave(DirectBuffer buffer, int offset, int length) {
        leave.wrapAndApplyHeader(buffer, offset, header);
        if (!control(leave.generation(), leave.rank(), length)) {
            return true;
        }
        peer.owesLeaveSeen = true;
        link.leftAfter.set(peer.rank, leave.lastSequence() + 2);
        link.wakeTraining();
        return true;
    }

    private boolean onLeaveSeen(DirectBuffer buffer, int offset, int length) {
        leaveSeen.wrapAndApplyHeader(buffer, offset, header);
        if (!control(leaveSeen.generation(), leaveSeen.rank(), length)) {
            return true;
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

    private static boolean isKnown(int kind, int content) {
        return kind >= OperationKind.REDUCE_SCATTER.value()
                && kind <= OperationKind.BARRIER.value()
                && content >= Content.VALUES.value()
                && content <= Content.CONTROL.value();
    }

    /** Whether a frame belongs to another membership or rank; counted here. */
    private boolean isForeign(int generation, int rank) {
        if (generation != group.generation()) {
            return drop(DropReason.GENERATION);
        }
        return rank != peer.rank && drop(DropReason.RANK);
    }

    /** Counts; true, since a frame that is dropped is not handed over again. */
    private boolean drop(DropReason reason) {
        dropped.count(reason);
        return true;
    }
}
