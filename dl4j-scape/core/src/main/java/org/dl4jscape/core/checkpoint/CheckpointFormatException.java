package org.dl4jscape.core.checkpoint;

/** A file is not a complete checkpoint of the wanted format; the message names the file, and what is wrong with it. */
public final class CheckpointFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With the whole sentence. */
    public CheckpointFormatException(String message) {
        super(message);
    }
}
