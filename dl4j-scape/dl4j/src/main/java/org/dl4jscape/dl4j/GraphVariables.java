package org.dl4jscape.dl4j;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.IndexRange;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The trained variables of a SameDiff graph as one flat vector, in the order of their names: every variable of a floating type
 * that the loss depends on. Flat arrays of fp32, each variable in C order.
 */
final class GraphVariables {
    private final SameDiff graph;
    private final List<String> names;
    private final INDArray parameters;
    private final INDArray gradients;
    private final List<INDArray> parameterParts = new ArrayList<>();
    private final List<INDArray> gradientParts = new ArrayList<>();
    private final List<IndexRange> ranges = new ArrayList<>();

    private GraphVariables(SameDiff graph, List<String> names, int length) {
        this.graph = graph;
        this.names = names;
        parameters = Nd4j.create(DataType.FLOAT, length);
        gradients = Nd4j.create(DataType.FLOAT, length);
        int start = 0;
        for (String name : names) {
            INDArray array = graph.getArrForVarName(name);
            int end = start + (int) array.length();
            ranges.add(new IndexRange(start, end));
            parameterParts.add(part(parameters, start, end, array.shape()));
            gradientParts.add(part(gradients, start, end, array.shape()));
            parameterParts.get(parameterParts.size() - 1).assign(array);
            start = end;
        }
    }

    private static INDArray part(INDArray flat, int start, int end, long[] shape) {
        return flat.get(NDArrayIndex.interval(start, end)).reshape('c', shape);
    }

    /**
     * Reads the graph's variables.
     *
     * @throws IllegalArgumentException when there are none, too many, or some of another data type than FLOAT
     */
    static GraphVariables of(SameDiff graph) {
        List<String> names = new ArrayList<>();
        long length = 0;
        for (SDVariable variable : graph.variables()) {
            if (isTrained(graph, variable)) {
                if (variable.dataType() != DataType.FLOAT) {
                    throw new IllegalArgumentException("data type " + variable.dataType() + " of variable "
                            + variable.name() + " (expected: FLOAT); convert it to FLOAT, or make it a constant");
                }
                names.add(variable.name());
                length += graph.getArrForVarName(variable.name()).length();
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("the loss " + graph.getLossVariables()
                    + " depends on no variable of the graph (expected: at least one); create parameters by var(..)");
        }
        if (length > FlatView.LARGEST) {
            throw new IllegalArgumentException(
                    length + " parameters (expected: <= " + FlatView.LARGEST + ", what one 2 GiB buffer view holds)");
        }
        names.sort(null);
        return new GraphVariables(graph, List.copyOf(names), (int) length);
    }

    private static boolean isTrained(SameDiff graph, SDVariable variable) {
        if (variable.getVariableType() != VariableType.VARIABLE
                || !variable.dataType().isFPType()) {
            return false;
        }
        if (graph.getArrForVarName(variable.name()) == null) {
            throw new IllegalArgumentException("variable " + variable.name()
                    + " has no values yet (expected: an array); evaluate or assign it before training");
        }
        if (!graph.hasGradientFunction()) {
            graph.createGradFunction();
        }
        return graph.variableHasGradient(variable.name());
    }

    /** The names, in the order of the flat vector. */
    List<String> trained() {
        return names;
    }

    NetworkLayout layout(TrainingConfig training, ScapeConfig config) {
        IUpdater updater = training.getUpdater();
        List<ParameterBlock> blocks = new ArrayList<>();
        List<IUpdater> updaters = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            NetworkLayout.checkFamily(name, updater);
            BlockRole role = ranges.get(i).length() < config.denseBelow() ? BlockRole.DENSE : BlockRole.SPARSE;
            blocks.add(new ParameterBlock(
                    name,
                    ranges.get(i),
                    role,
                    NetworkLayout.optimizer(name, updater, training.getRegularization(), config)));
            updaters.add(updater);
        }
        return new NetworkLayout(ParameterLayout.of(blocks), updaters);
    }

    /** Copies raw gradients into the flat vector and adds L1 and L2; a variable without gradient counts as 0. */
    void takeGradients(Map<String, INDArray> raw, TrainingConfig training) {
        for (int i = 0; i < names.size(); i++) {
            INDArray gradient = raw.get(names.get(i));
            INDArray part = gradientParts.get(i);
            if (gradient == null) {
                part.assign(0);
            } else {
                part.assign(gradient);
            }
            addRegularization(part, parameterParts.get(i), training);
        }
    }

    private static void addRegularization(INDArray gradient, INDArray parameter, TrainingConfig training) {
        @Nullable List<Regularization> all = training.getRegularization();
        for (Regularization regularization : all == null ? List.<Regularization>of() : all) {
            if (regularization.applyStep() == Regularization.ApplyStep.BEFORE_UPDATER) {
                int iteration = training.getIterationCount();
                int epoch = training.getEpochCount();
                double rate = training.getUpdater().getLearningRate(iteration, epoch);
                regularization.apply(parameter, gradient, rate, iteration, epoch);
            }
        }
    }

    /** Copies the flat parameters into the graph's arrays. */
    void publish() {
        for (int i = 0; i < names.size(); i++) {
            graph.getArrForVarName(names.get(i)).assign(parameterParts.get(i));
        }
    }

    FloatBuffer parameterView() {
        return FlatView.of(parameters);
    }

    FloatBuffer gradientView() {
        return FlatView.of(gradients);
    }
}
