package org.dl4jscape.core.mask;

/** Bytes that claim to be an encoded mask are none. */
public final class MaskFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With the sentence that says what is wrong and where. */
    public MaskFormatException(String message) {
        super(message);
    }
}
