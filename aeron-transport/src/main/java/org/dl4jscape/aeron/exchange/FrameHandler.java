package org.dl4jscape.aeron.exchange;

import org.agrona.DirectBuffer;

/** Takes the messages of one peer. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Takes one message, which is only valid during the call.
     *
     * @return false to hold it back: it is handed over again later, and nothing behind it before
     */
    boolean onFrame(DirectBuffer buffer, int offset, int length);

    /** A frame was not handed over, because the medium found it damaged. */
    default void onDropped(DropReason reason) {}
}
