package org.dl4jscape.dl4j;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;

/** In the place of a {@link ComputationGraph}'s updater: prepares the gradient and hands it to a step. */
final class GraphHook extends ComputationGraphUpdater {
    private final GradientSink sink;

    GraphHook(ComputationGraph network, GradientSink sink) {
        super(
                network,
                network.updaterState() == null ? null : network.updaterState().dup());
        this.sink = sink;
    }

    @Override
    public synchronized void update(
            Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
        if (isMiniBatch()) {
            divideByMinibatch(false, gradient, batchSize);
        }
        GradientPreparation.apply(this, layersByName, gradient, iteration, epoch);
        sink.accept(iteration, epoch, batchSize);
        getFlattenedGradientsView().assign(0);
    }
}
