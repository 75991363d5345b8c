package org.dl4jscape.aeron.tcp;

import java.io.IOException;

/** What came on a connection is not a frame; there is no place from which to go on. */
final class CorruptFrameException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptFrameException(String message) {
        super(message);
    }
}
