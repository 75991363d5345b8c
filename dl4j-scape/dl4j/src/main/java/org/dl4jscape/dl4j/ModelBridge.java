package org.dl4jscape.dl4j;

import java.nio.FloatBuffer;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.config.ScapeConfig;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * One door to every kind of model: flat parameters and gradient, counters, and the place where the gradient is taken.
 *
 * <p>Belongs to the thread that trains the model.
 */
abstract class ModelBridge {
    /**
     * The bridge of a network.
     *
     * @throws IllegalArgumentException when the network is of another type, not initialised, not of data type FLOAT, too
     *     large, or configured with an optimizer other than stochastic gradient descent
     */
    static ModelBridge of(Model network) {
        return NetworkBridge.of(network);
    }

    /**
     * The bridge of a SameDiff graph.
     *
     * @param seed of the graph's random operations, which have none of their own
     * @throws IllegalArgumentException when the graph has no training configuration, loss or variables, or variables that are
     *     not of data type FLOAT
     */
    static ModelBridge of(SameDiff graph, long seed) {
        return SameDiffBridge.of(graph, seed);
    }

    /** The network; a graph of SameDiff is none. */
    abstract Model network();

    /** The same model once more, for another rank. */
    abstract ModelBridge copy();

    /** Every {@code fit} ends in the sink from now on. */
    abstract void install(GradientSink sink);

    /** Leaves the model as a plain {@code fit} expects it; once or more often. */
    abstract void uninstall();

    /** Notices that somebody has taken the sink's place. */
    abstract void requireInstalled();

    abstract NetworkLayout layout(ScapeConfig config);

    abstract void fit(DataSet batch);

    abstract void fit(MultiDataSet batch);

    /** Loss of the last batch. */
    abstract double score();

    /** Of what is random in a forward pass. */
    abstract long seed();

    abstract void applyConstraints(int iteration, int epoch);

    abstract int iteration();

    abstract int epoch();

    abstract void setIteration(int value);

    abstract void setEpoch(int value);

    /** The flat parameters; what is written here is the model's by its next pass, or by {@link #publish()}. */
    abstract FloatBuffer parameterView();

    abstract FloatBuffer gradientView();

    /** Makes the flat parameters those that a reader of the model sees. */
    void publish() {}
}
