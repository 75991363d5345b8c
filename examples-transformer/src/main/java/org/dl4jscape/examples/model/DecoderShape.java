package org.dl4jscape.examples.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The size of a decoder transformer.
 *
 * @param family which blocks it has
 * @param vocabulary number of tokens
 * @param context tokens of a window
 * @param width of a vector
 * @param heads of each attention, divides the width
 * @param groups heads of keys and values, divides the heads; family GPT has as many as heads
 * @param hidden width within the feed-forward net; family GPT has 4 * width
 * @param blocks number of blocks
 * @param tied whether the head projects with the embedding's matrix instead of one of its own
 */
public record DecoderShape(
        Family family,
        int vocabulary,
        int context,
        int width,
        int heads,
        int groups,
        int hidden,
        int blocks,
        boolean tied) {
    /** The kinds of blocks. */
    public enum Family {
        /** {@link DecoderBlock}: layer norm, distances penalised, squared rectifier. */
        GPT,
        /** {@link LlamaBlock}: root mean square norm, rotary positions, grouped heads, gated net. */
        LLAMA
    }

    /** Parameters of one network that Deeplearning4j's flat view can hold: 2 GiB of them. */
    public static final long MOST_PARAMETERS = 1L << 29;

    /** Checks that heads divide what they must. */
    public DecoderShape {
        new Heads(width, heads, groups);
    }

    /** With blocks of family GPT and a head of its own. */
    public static DecoderShape gpt(int vocabulary, int context, int width, int heads, int blocks) {
        return new DecoderShape(Family.GPT, vocabulary, context, width, heads, heads, 4 * width, blocks, false);
    }

    /** About 110,000 parameters: context 64, width 64, 4 heads, 2 blocks. */
    public static DecoderShape small(int vocabulary) {
        return gpt(vocabulary, 64, 64, 4, 2);
    }

    Heads attention() {
        return new Heads(width, heads, groups);
    }

    /**
     * Number of parameters, by formula: nothing is allocated.
     *
     * <p>GPT: {@code V w + B (12 w^2 + 8 w) + 2 w + V w}; Llama: {@code V w + B (w (w + 2 g w / h) + w^2 + 3 w f + 2 w) + w + V w},
     * with vocabulary V, width w, B blocks, h heads, g groups, net of width f. Where tied, one V w is left out.
     */
    public long parameters() {
        long w = width;
        long embedding = vocabulary * w;
        long block = family == Family.GPT
                ? 12 * w * w + 8 * w
                : w * attention().projected() + w * w + 3 * w * hidden + 2 * w;
        long norm = family == Family.GPT ? 2 * w : w;
        return embedding + blocks * block + norm + (tied ? 0 : embedding);
    }

    /** Length of every tensor by name, in the order of the flat vector; the sum is {@link #parameters}. Nothing is allocated. */
    public Map<String, Integer> tensors() {
        Map<String, Integer> all = new LinkedHashMap<>();
        add(all, "embedding", embedding());
        for (int block = 0; block < blocks; block++) {
            add(all, "block" + block, block());
        }
        for (Tensor tensor : head().tensors()) {
            if (!tied || !tensor.name().equals(CharacterHead.PROJECTION)) {
                all.put("head_" + tensor.name(), tensor.length());
            }
        }
        return all;
    }

    private static void add(Map<String, Integer> all, String layer, HandWrittenLayer conf) {
        conf.tensors().forEach(tensor -> all.put(layer + "_" + tensor.name(), tensor.length()));
    }

    private HandWrittenLayer embedding() {
        return new TokenEmbedding(vocabulary, context, width);
    }

    private HandWrittenLayer block() {
        return family == Family.GPT ? new DecoderBlock(width, heads, context, blocks) : new LlamaBlock(this);
    }

    private HandWrittenLayer head() {
        return new CharacterHead(vocabulary, width, family == Family.LLAMA);
    }

    /**
     * Floats that one rank's forward and backward pass keep at a time, roughly: inputs, projections, attention weights and nets of
     * every block, and three times the output.
     */
    public long activationFloats(int batch) {
        long rows = (long) batch * context;
        long attention = (long) batch * heads * context * context;
        long net = family == Family.GPT ? 3L * hidden : 6L * hidden;
        long block = rows * (8L * width + 2L * attention().projected() + net) + attention;
        return blocks * block + rows * (3L * vocabulary + 6L * width);
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

    /**
     * The network, initialised from a seed.
     *
     * @throws IllegalArgumentException where it is tied, since layers of a graph cannot share a matrix
     */
    public ComputationGraph build(long seed, IUpdater updater) {
        if (tied) {
            throw new IllegalArgumentException("a head tied to the embedding cannot be built as a graph of layers");
        }
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .updater(updater)
                .graphBuilder()
                .addInputs("tokens")
                .addLayer("embedding", embedding(), "tokens");
        List<String> below = new ArrayList<>(List.of("embedding"));
        for (int block = 0; block < blocks; block++) {
            String name = "block" + block;
            graph.addLayer(name, block(), below.get(block));
            below.add(name);
        }
        graph.addLayer("head", head(), below.get(blocks)).setOutputs("head");
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }
}
