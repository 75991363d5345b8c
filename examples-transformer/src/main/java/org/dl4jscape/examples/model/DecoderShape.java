package org.dl4jscape.examples.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The size of a decoder transformer.
 *
 * @param vocabulary number of tokens
 * @param context tokens of a window
 * @param width of a vector
 * @param heads of each attention, divides the width
 * @param blocks number of blocks
 */
public record DecoderShape(int vocabulary, int context, int width, int heads, int blocks) {
    /** About 110,000 parameters: context 64, width 64, 4 heads, 2 blocks. */
    public static DecoderShape small(int vocabulary) {
        return new DecoderShape(vocabulary, 64, 64, 4, 2);
    }

    /** Largest number of tokens that a network of this package looks at. */
    public static int contextOf(ComputationGraph network) {
        return embeddingOf(network).context();
    }

    /** Number of tokens that a network of this package knows. */
    public static int vocabularyOf(ComputationGraph network) {
        return embeddingOf(network).vocabulary();
    }

    private static TokenEmbedding embeddingOf(ComputationGraph network) {
        if (network.getLayer("embedding") != null
                && network.getLayer("embedding").conf().getLayer() instanceof TokenEmbedding embedding) {
            return embedding;
        }
        throw new IllegalArgumentException(
                "the network has no token embedding (expected: one that scape pretrain made); give another model");
    }

    /** The network, initialised from a seed. */
    public ComputationGraph build(long seed, IUpdater updater) {
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .updater(updater)
                .graphBuilder()
                .addInputs("tokens")
                .addLayer("embedding", new TokenEmbedding(vocabulary, context, width), "tokens");
        String below = "embedding";
        for (int block = 0; block < blocks; block++) {
            String name = "block" + block;
            graph.addLayer(name, new DecoderBlock(width, heads, context, blocks), below);
            below = name;
        }
        graph.addLayer("head", new CharacterHead(vocabulary, width), below).setOutputs("head");
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }
}
