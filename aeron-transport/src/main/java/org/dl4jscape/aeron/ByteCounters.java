package org.dl4jscape.aeron;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.BitUtil;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.exchange.TransportStats;

/**
 * Bytes of Aeron data frames by kind, as they stand on the wire above UDP: header, message, padding to 32 bytes.
 *
 * <p>Status messages, NAKs and repeated frames, which Aeron sends on its own, are not in them. Written by the exchange
 * thread, read by any.
 */
final class ByteCounters implements TransportStats {
    private final AtomicLongArray sent = new AtomicLongArray(PayloadKind.values().length);
    private final AtomicLongArray received = new AtomicLongArray(PayloadKind.values().length);

    void addSent(PayloadKind kind, int messageLength) {
        sent.lazySet(kind.ordinal(), sent.get(kind.ordinal()) + frameLength(messageLength));
    }

    void addReceived(PayloadKind kind, int messageLength) {
        received.lazySet(kind.ordinal(), received.get(kind.ordinal()) + frameLength(messageLength));
    }

    @Override
    public long bytesSent(PayloadKind kind) {
        return sent.get(kind.ordinal());
    }

    @Override
    public long bytesReceived(PayloadKind kind) {
        return received.get(kind.ordinal());
    }

    private static int frameLength(int messageLength) {
        return BitUtil.align(DataHeaderFlyweight.HEADER_LENGTH + messageLength, FrameDescriptor.FRAME_ALIGNMENT);
    }
}
