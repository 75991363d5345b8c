package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.List;
import org.dl4jscape.core.step.StepListener;

/**
 * Makes the step listeners of a rank, where that rank runs.
 *
 * <p>On a cluster each rank calls a deserialised copy. In local mode the ranks call the object that was given, as long as
 * Spark keeps the broadcast in memory; what it captures must be serialisable there too.
 */
@FunctionalInterface
public interface StepListenerFactory extends Serializable {
    /** The listeners of one rank, called on its training thread; empty for none. */
    List<StepListener> create(int rank);
}
