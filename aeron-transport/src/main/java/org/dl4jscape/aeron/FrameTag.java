package org.dl4jscape.aeron;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.dl4jscape.aeron.exchange.FrameChecksum;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.security.FrameSeal;

/** The 64 bits that go with a message in the reserved value of its frame. Belongs to the exchange thread. */
@FunctionalInterface
interface FrameTag {
    /**
     * The bits for one message.
     *
     * @param position of the stream behind its frame
     */
    long of(DirectBuffer buffer, int offset, int length, long position);

    /** A CRC32C, whatever the position. */
    static FrameTag checksum() {
        FrameChecksum checksum = new FrameChecksum();
        return (buffer, offset, length, position) -> checksum.of(buffer, offset, length);
    }

    /** The beginning of an HMAC-SHA256 of position and message, under a key for one direction between two ranks. */
    static FrameTag hmac(DerivedKeys keys, int sender, int receiver) {
        FrameSeal seal = keys.seal("frames from " + sender + " to " + receiver);
        ExpandableArrayBuffer copy = new ExpandableArrayBuffer();
        return (buffer, offset, length, position) -> {
            copy.putBytes(0, buffer, offset, length);
            return seal.shortTag(position, copy.byteArray(), 0, length);
        };
    }
}
