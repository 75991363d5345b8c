package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;

/** Frozen layers keep their bits, take no place in a mask, and cost no byte. */
class FrozenLayersTest {
    private static final int FROZEN_FIRST = Networks.INPUTS * 16 + 16;

    private static DenseLayer dense(int inputs) {
        return new DenseLayer.Builder().nIn(inputs).nOut(16).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(16)
                .nOut(Networks.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static Model frozenFirst(NetworkType type) {
        return type.chain(Networks.base(new AdamS(5e-3)), new FrozenLayer(dense(Networks.INPUTS)), dense(16), output());
    }

    private static void assertFirstBitsKept(float[] before, float[] after) {
        assertArrayEquals(Arrays.copyOf(before, FROZEN_FIRST), Arrays.copyOf(after, FROZEN_FIRST));
        assertTrue(Arrays.mismatch(before, after) >= FROZEN_FIRST, "nothing else was trained either");
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldEqualPlainFitAndKeepFrozenBits(NetworkType type) {
        float[] before = frozenFirst(type).params().toFloatVector();
        List<DataSet> halves = Networks.batches(20, 8, 31);
        Parity.Run plain = Parity.plain(frozenFirst(type), Parity.pairs(halves), 1);
        Parity.Run ranks = Parity.parallel(frozenFirst(type), Parity.DENSE, 2, halves, 1);
        Parity.assertSame(plain, ranks, 1e-4);
        assertFirstBitsKept(before, ranks.parameters());
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldLeaveFrozenLayersOutOfEveryMask(NetworkType type) {
        Model network = frozenFirst(type);
        float[] before = network.params().toFloatVector();
        int trainable = before.length - FROZEN_FIRST;
        List<Integer> sent = new ArrayList<>();
        ScapeConfig config = ScapeConfig.builder().density(0.1).warmupSteps(3).build();
        ScapeTrainer.builder()
                .config(config)
                .listeners(rank -> rank == 0 ? List.of(stats -> sent.add(stats.maskedCount())) : List.of())
                .build()
                .fit(network, epoch -> Networks.batches(20, 8, 32).iterator(), 1);
        assertEquals(List.of(trainable, trainable, trainable), sent.subList(0, 3), "dense warm-up");
        for (int count : sent.subList(3, sent.size())) {
            assertTrue(Math.abs(count - 0.1 * trainable) <= 2, "sparse step sends " + count + " of " + trainable);
        }
        assertFirstBitsKept(before, network.params().toFloatVector());
    }

    private static Model frozenMiddle(NetworkType type, double l2) {
        return type.chain(
                Networks.base(new AdamS(5e-3)).l2(l2),
                dense(Networks.INPUTS),
                new FrozenLayerWithBackprop(dense(16)),
                output());
    }

    /** With back-propagation through a frozen layer in the middle, the layers below it learn. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldTrainBelowAFrozenLayerWithBackprop(NetworkType type) {
        List<DataSet> halves = Networks.batches(20, 8, 33);
        Parity.assertHalvesEqualWhole(() -> frozenMiddle(type, 0), halves, 1);
    }

    /** Plain fit lets L2 pull such a layer away; on ranks, frozen means frozen. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldKeepALayerFrozenWithBackpropWhateverTheL2(NetworkType type) {
        Model network = frozenMiddle(type, 1e-2);
        assertEquals(
                List.of(
                        BlockRole.SPARSE,
                        BlockRole.SPARSE,
                        BlockRole.FROZEN,
                        BlockRole.FROZEN,
                        BlockRole.SPARSE,
                        BlockRole.SPARSE),
                roles(ModelBridge.of(network)));
        float[] before = network.params().toFloatVector();
        Parity.Run ranks = Parity.parallel(network, Parity.DENSE, 2, Networks.batches(10, 8, 35), 1);
        int end = FROZEN_FIRST + 16 * 16 + 16;
        assertArrayEquals(
                Arrays.copyOfRange(before, FROZEN_FIRST, end),
                Arrays.copyOfRange(ranks.parameters(), FROZEN_FIRST, end));
        assertTrue(Arrays.mismatch(before, ranks.parameters()) < FROZEN_FIRST, "nothing below was trained");
    }

    private static List<BlockRole> roles(ModelBridge bridge) {
        ParameterLayout layout = bridge.layout(Parity.DENSE).parameters();
        return layout.blocks().stream().map(ParameterBlock::role).toList();
    }

    @Test
    void shouldKeepWhatTransferLearningHasFrozenInAMultiLayerNetwork() {
        MultiLayerNetwork pretrained = Networks.multiLayer(new AdamS(5e-3));
        MultiLayerNetwork network = new TransferLearning.Builder(pretrained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new AdamS(1e-2))
                        .seed(5)
                        .build())
                .setFeatureExtractor(0)
                .nOutReplace(2, Networks.CLASSES, org.deeplearning4j.nn.weights.WeightInit.XAVIER)
                .build();
        float[] before = network.params().toFloatVector();
        train(network);
        assertFirstBitsKept(before, network.params().toFloatVector());
        assertArrayEquals(
                Arrays.copyOf(pretrained.params().toFloatVector(), FROZEN_FIRST),
                Arrays.copyOf(network.params().toFloatVector(), FROZEN_FIRST));
    }

    @Test
    void shouldKeepWhatTransferLearningHasFrozenInAGraph() {
        ComputationGraph network = new TransferLearning.GraphBuilder(Networks.graph(new AdamS(5e-3)))
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new AdamS(1e-2))
                        .seed(5)
                        .build())
                .setFeatureExtractor("hidden")
                .build();
        float[] before = network.params().toFloatVector();
        train(network);
        assertFirstBitsKept(before, network.params().toFloatVector());
    }

    private static void train(Model network) {
        ScapeConfig config = ScapeConfig.builder().density(0.2).warmupSteps(2).build();
        Parity.parallel(network, config, 3, Networks.batches(18, 8, 34), 1);
    }
}
