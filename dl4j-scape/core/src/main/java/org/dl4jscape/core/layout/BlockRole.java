package org.dl4jscape.core.layout;

/** How the coordinates of a block take part in the exchange. */
public enum BlockRole {
    /** Selected by the mask. */
    SPARSE,
    /** In every mask: small tensors such as biases. */
    DENSE,
    /** In every mask, and without optimizer: the mean over the ranks is subtracted (batch statistics). */
    STATISTIC,
    /** Never exchanged, never changed. */
    FROZEN
}
