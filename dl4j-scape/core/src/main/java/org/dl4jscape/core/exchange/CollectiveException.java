package org.dl4jscape.core.exchange;

/** A collective operation could not be completed; the message names the rank, the operation and both values. */
public class CollectiveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the whole sentence that an operator needs. */
    public CollectiveException(String message) {
        super(message);
    }

    /** With the whole sentence that an operator needs, and what caused it. */
    public CollectiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
