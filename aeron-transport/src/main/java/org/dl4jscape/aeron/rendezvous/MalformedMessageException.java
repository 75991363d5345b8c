package org.dl4jscape.aeron.rendezvous;

import java.io.IOException;

/** What came is no message of this schema and version, or tells a length that is not allowed. */
class MalformedMessageException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
