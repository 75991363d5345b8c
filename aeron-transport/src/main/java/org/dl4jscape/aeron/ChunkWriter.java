package org.dl4jscape.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.protocol.DataHeaderFlyweight;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.dl4jscape.aeron.wire.AbortEncoder;
import org.dl4jscape.aeron.wire.ChunkEncoder;
import org.dl4jscape.aeron.wire.HeartbeatEncoder;
import org.dl4jscape.aeron.wire.LeaveEncoder;
import org.dl4jscape.aeron.wire.LeaveSeenEncoder;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;

/**
 * Encodes the messages of this rank straight into Aeron's log, one frame each, without allocation.
 *
 * <p>Every method returns false where Aeron does not take the message now; the caller tries again later. Belongs to the
 * exchange thread.
 */
final class ChunkWriter {
    /** Bytes of a chunk message before its payload. */
    static final int CHUNK_HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ChunkEncoder.BLOCK_LENGTH;

    private static final int REASON_BYTES_MAX = 512;

    private final ProcessGroup group;
    private final ByteCounters counters;
    private final BufferClaim claim = new BufferClaim();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ChunkEncoder chunk = new ChunkEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final LeaveEncoder leave = new LeaveEncoder();
    private final LeaveSeenEncoder leaveSeen = new LeaveSeenEncoder();

    ChunkWriter(ProcessGroup group, ByteCounters counters) {
        this.group = group;
        this.counters = counters;
    }

    /** Payload of a full chunk for datagrams of {@code mtuLength} bytes: a whole number of 4-byte values. */
    static int chunkLength(int mtuLength) {
        return (mtuLength - DataHeaderFlyweight.HEADER_LENGTH - CHUNK_HEADER_LENGTH) & ~3;
    }

    /** Writes the next chunk of {@code outbound}, without changing it. */
    boolean chunk(ExclusivePublication publication, Outbound outbound, int chunkBytes) {
        Operation operation = outbound.operation;
        if (!claim(publication, CHUNK_HEADER_LENGTH + chunkBytes, PayloadKinds.of(operation.content))) {
            return false;
        }
        chunk.wrapAndApplyHeader(claim.buffer(), claim.offset(), header)
                .generation(group.generation())
                .rank(group.rank())
                .kind(operation.kind)
                .content(operation.content)
                .sequence(operation.sequence)
                .signature(operation.signature)
                .position(outbound.sent)
                .totalLength(outbound.length);
        claim.buffer()
                .putBytes(
                        claim.offset() + CHUNK_HEADER_LENGTH,
                        outbound.bytes,
                        outbound.from + outbound.sent,
                        chunkBytes);
        claim.commit();
        return true;
    }

    boolean heartbeat(ExclusivePublication publication) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + HeartbeatEncoder.BLOCK_LENGTH;
        if (!claim(publication, length, PayloadKind.CONTROL)) {
            return false;
        }
        heartbeat
                .wrapAndApplyHeader(claim.buffer(), claim.offset(), header)
                .generation(group.generation())
                .rank(group.rank());
        claim.commit();
        return true;
    }

    boolean leave(ExclusivePublication publication, long lastSequence) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + LeaveEncoder.BLOCK_LENGTH;
        if (!claim(publication, length, PayloadKind.CONTROL)) {
            return false;
        }
        leave.wrapAndApplyHeader(claim.buffer(), claim.offset(), header)
                .generation(group.generation())
                .rank(group.rank())
                .lastSequence(lastSequence);
        claim.commit();
        return true;
    }

    boolean leaveSeen(ExclusivePublication publication) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + LeaveSeenEncoder.BLOCK_LENGTH;
        if (!claim(publication, length, PayloadKind.CONTROL)) {
            return false;
        }
        leaveSeen
                .wrapAndApplyHeader(claim.buffer(), claim.offset(), header)
                .generation(group.generation())
                .rank(group.rank());
        claim.commit();
        return true;
    }

    /** Tells a peer the reason of an abort; what is longer than 512 bytes is cut. */
    boolean abort(ExclusivePublication publication, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(1024);
        AbortEncoder abort = new AbortEncoder()
                .wrapAndApplyHeader(scratch, 0, header)
                .generation(group.generation())
                .rank(group.rank())
                .putReason(text, 0, Math.min(text.length, REASON_BYTES_MAX));
        int length = MessageHeaderEncoder.ENCODED_LENGTH + abort.encodedLength();
        if (!claim(publication, length, PayloadKind.CONTROL)) {
            return false;
        }
        claim.buffer().putBytes(claim.offset(), scratch, 0, length);
        claim.commit();
        return true;
    }

    private boolean claim(ExclusivePublication publication, int length, PayloadKind kind) {
        long position = publication.tryClaim(length, claim);
        if (position > 0) {
            counters.addSent(kind, length);
            return true;
        }
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException(
                    "Aeron closed the stream to " + publication.channel() + ": " + Publication.errorString(position));
        }
        return false;
    }
}
