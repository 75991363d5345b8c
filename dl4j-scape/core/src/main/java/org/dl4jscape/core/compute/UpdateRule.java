package org.dl4jscape.core.compute;

/** Which formula {@link Kernels#update} applies to a coordinate that was last sent more than one step ago. */
public enum UpdateRule {
    /** The dense line, whatever the age: the paper's reading [I]. */
    NONE,
    /** One update, scaled by at most a cap [O]. */
    CAPPED,
    /** The missed updates summed in closed form [O]. */
    CLOSED_FORM,
    /** No optimizer: the mean is subtracted from the parameter; for batch statistics that DL4J keeps among the parameters. */
    SUBTRACT
}
