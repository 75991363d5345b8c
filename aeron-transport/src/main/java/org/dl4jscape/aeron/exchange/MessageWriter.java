package org.dl4jscape.aeron.exchange;

import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.dl4jscape.aeron.wire.AbortEncoder;
import org.dl4jscape.aeron.wire.ChunkEncoder;
import org.dl4jscape.aeron.wire.HeartbeatEncoder;
import org.dl4jscape.aeron.wire.LeaveEncoder;
import org.dl4jscape.aeron.wire.LeaveSeenEncoder;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.ProcessGroup;

/**
 * Encodes the messages of this rank in place, in the medium's own memory, without allocation.
 *
 * <p>Every method returns false where the medium does not take the message now; the caller tries again later. Belongs to
 * the exchange thread.
 */
final class MessageWriter {
    /** Bytes of a chunk message before its payload. */
    static final int CHUNK_HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ChunkEncoder.BLOCK_LENGTH;

    private static final int REASON_BYTES_MAX = 512;

    private final ProcessGroup group;
    private final CountedBytes counters;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ChunkEncoder chunk = new ChunkEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final LeaveEncoder leave = new LeaveEncoder();
    private final LeaveSeenEncoder leaveSeen = new LeaveSeenEncoder();

    MessageWriter(ProcessGroup group, CountedBytes counters) {
        this.group = group;
        this.counters = counters;
    }

    /** Payload of a full chunk where a message has at most that many bytes: a whole number of 4-byte values. */
    static int chunkLength(int maxMessageLength) {
        return (maxMessageLength - CHUNK_HEADER_LENGTH) & ~3;
    }

    /** Writes the next chunk of {@code outbound}, without changing it. */
    boolean chunk(Peer peer, Outbound outbound, int chunkBytes) {
        Operation operation = outbound.operation;
        if (!claim(peer, CHUNK_HEADER_LENGTH + chunkBytes, PayloadKinds.of(operation.content))) {
            return false;
        }
        chunk.wrapAndApplyHeader(peer.route.buffer(), peer.route.offset(), header)
                .generation(group.generation())
                .rank(group.rank())
                .kind(operation.kind)
                .content(operation.content)
                .sequence(operation.sequence)
                .signature(operation.signature)
                .position(outbound.sent)
                .totalLength(outbound.length);
        outbound.write(peer.route.buffer(), peer.route.offset() + CHUNK_HEADER_LENGTH, chunkBytes, peer.outgoingMemory);
        peer.route.commit();
        return true;
    }

    boolean heartbeat(Peer peer) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + HeartbeatEncoder.BLOCK_LENGTH;
        if (!claim(peer, length, PayloadKind.CONTROL)) {
            return false;
        }
        heartbeat
                .wrapAndApplyHeader(peer.route.buffer(), peer.route.offset(), header)
                .generation(group.generation())
                .rank(group.rank());
        peer.route.commit();
        return true;
    }

    boolean leave(Peer peer, long lastSequence) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + LeaveEncoder.BLOCK_LENGTH;
        if (!claim(peer, length, PayloadKind.CONTROL)) {
            return false;
        }
        leave.wrapAndApplyHeader(peer.route.buffer(), peer.route.offset(), header)
                .generation(group.generation())
                .rank(group.rank())
                .lastSequence(lastSequence);
        peer.route.commit();
        return true;
    }

    boolean leaveSeen(Peer peer) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + LeaveSeenEncoder.BLOCK_LENGTH;
        if (!claim(peer, length, PayloadKind.CONTROL)) {
            return false;
        }
        leaveSeen
                .wrapAndApplyHeader(peer.route.buffer(), peer.route.offset(), header)
                .generation(group.generation())
                .rank(group.rank());
        peer.route.commit();
        return true;
    }

    /** Tells a peer the reason of an abort; what is longer than 512 bytes is cut. */
    boolean abort(Peer peer, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(1024);
        AbortEncoder abort = new AbortEncoder()
                .wrapAndApplyHeader(scratch, 0, header)
                .generation(group.generation())
                .rank(group.rank())
                .putReason(text, 0, Math.min(text.length, REASON_BYTES_MAX));
        int length = MessageHeaderEncoder.ENCODED_LENGTH + abort.encodedLength();
        if (!claim(peer, length, PayloadKind.CONTROL)) {
            return false;
        }
        peer.route.buffer().putBytes(peer.route.offset(), scratch, 0, length);
        peer.route.commit();
        return true;
    }

    private boolean claim(Peer peer, int length, PayloadKind kind) {
        if (!peer.route.claim(length)) {
            return false;
        }
        peer.reached = true;
        counters.addSent(kind, peer.route.wireLength(length));
        return true;
    }
}
