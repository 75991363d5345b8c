package org.dl4jscape.aeron.exchange;

import org.agrona.MutableDirectBuffer;
import org.dl4jscape.aeron.wire.ChunkEncoder;
import org.dl4jscape.aeron.wire.Content;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.aeron.wire.OperationKind;

/** Writes well-formed chunks of an all-gather of values, at the beginning of a buffer. */
final class ChunkFrames {
    private final MutableDirectBuffer frame;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    ChunkFrames(MutableDirectBuffer frame) {
        this.frame = frame;
    }

    /** Part of a contribution; returns the length of the frame. */
    int write(int generation, int rank, long sequence, byte[] contribution, int position, int length) {
        new ChunkEncoder()
                .wrapAndApplyHeader(frame, 0, header)
                .generation(generation)
                .rank(rank)
                .kind(OperationKind.ALL_GATHER)
                .content(Content.VALUES)
                .sequence(sequence)
                .signature(55)
                .position(position)
                .totalLength(contribution.length);
        frame.putBytes(MessageWriter.CHUNK_HEADER_LENGTH, contribution, position, length);
        return MessageWriter.CHUNK_HEADER_LENGTH + length;
    }
}
