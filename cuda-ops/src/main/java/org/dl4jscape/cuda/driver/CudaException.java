package org.dl4jscape.cuda.driver;

/** A GPU that is not there, is not fit, or failed: the sentence says what, and what to do. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CudaException(String sentence) {
        super(sentence);
    }

    CudaException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
