package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What SCAPE cannot train is refused with one sentence, before a batch is asked for, and the network stays as it was. */
class UnsupportedNetworksTest {
    private static NeuralNetConfiguration.Builder base() {
        return Networks.base(new AdamS(1e-3));
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nIn(Networks.INPUTS).nOut(8).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(8)
                .nOut(Networks.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static Model plain(NetworkType type, NeuralNetConfiguration.Builder base) {
        return type.chain(base, dense(), output());
    }

    static List<Arguments> networks() {
        List<Arguments> cases = new ArrayList<>();
        for (NetworkType type : NetworkType.values()) {
            for (OptimizationAlgorithm algorithm : OptimizationAlgorithm.values()) {
                if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
                    add(
                            cases,
                            () -> plain(type, base().optimizationAlgo(algorithm)),
                            "optimizationAlgo " + algorithm + " (expected: STOCHASTIC_GRADIENT_DESCENT)");
                }
            }
            for (DataType precision : List.of(DataType.DOUBLE, DataType.HALF)) {
                add(
                        cases,
                        () -> plain(type, base().dataType(precision)),
                        "data type " + precision + " of the network's parameters (expected: FLOAT); ");
            }
            for (IUpdater updater : List.of(new Nesterovs(0.1), new Sgd(0.1), new RmsProp(0.1))) {
                add(
                        cases,
                        () -> plain(type, base().updater(updater)),
                        "updater " + updater.getClass().getSimpleName() + " of layer0_W (expected: one of [");
            }
            add(
                    cases,
                    () -> type.chain(
                            base(),
                            new DenseLayer.Builder()
                                    .nIn(Networks.INPUTS)
                                    .nOut(8)
                                    .updater(new Nesterovs(0.1))
                                    .build(),
                            output()),
                    "updater Nesterovs of layer0_W (expected: one of [");
            add(cases, () -> plain(type, base().miniBatch(false)), "miniBatch=false (expected: true)");
            add(
                    cases,
                    () -> plain(type, base().weightDecay(0.1, false)),
                    "weight decay of layer0_W (expected: a fixed coefficient, multiplied by the learning rate); ");
            add(
                    cases,
                    () -> plain(
                            type,
                            base().regularization(List.of(
                                    new WeightDecay(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9), true)))),
                    "weight decay of layer0_W (expected: a fixed coefficient");
            add(
                    cases,
                    () -> type.chain(
                            base(),
                            new AutoEncoder.Builder()
                                    .nIn(Networks.INPUTS)
                                    .nOut(8)
                                    .build(),
                            output()),
                    "parameter layer0_vb is trained by layer-wise pretraining only");
            add(
                    cases,
                    () -> type.chain(
                            base(),
                            new VariationalAutoencoder.Builder()
                                    .encoderLayerSizes(8)
                                    .decoderLayerSizes(8)
                                    .nIn(Networks.INPUTS)
                                    .nOut(8)
                                    .build(),
                            output()),
                    " is trained by layer-wise pretraining only");
        }
        return cases;
    }

    private static void add(List<Arguments> cases, Supplier<Model> network, String message) {
        cases.add(Arguments.of(network, message));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("networks")
    void shouldRefuseBeforeTraining(Supplier<Model> networks, String message) {
        Model network = networks.get();
        float[] before = network.params().toFloatVector();
        Object updater = NetworkType.updater(network);
        ScapeTrainer trainer = ScapeTrainer.builder().ranks(2).build();
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> trainer.fit(
                        network,
                        epoch -> {
                            throw new AssertionError("a batch was asked for");
                        },
                        1));
        assertTrue(failure.getMessage().contains(message), failure.getMessage());
        assertArrayEquals(before, network.params().toFloatVector());
        assertSame(updater, NetworkType.updater(network), "the updater was replaced");
    }

    @Test
    void shouldRefuseANetworkThatIsNotInitialised() {
        MultiLayerNetwork multiLayer = new MultiLayerNetwork(
                base().list().layer(dense()).layer(output()).build());
        ComputationGraph graph = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .addLayer("out", dense(), "in")
                .setOutputs("out")
                .build());
        for (Model network : List.of(multiLayer, graph)) {
            var failure = assertThrows(IllegalArgumentException.class, () -> ScapeTrainer.builder()
                    .build()
                    .fit(network, epoch -> List.of().iterator(), 1));
            assertEquals("the network has no parameters; call init() on it first", failure.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldRefuseBatchesThatAreNone(NetworkType type) {
        var failure = assertThrows(IllegalArgumentException.class, () -> ScapeTrainer.builder()
                .build()
                .fit(plain(type, base()), epoch -> List.of("batch", "batch").iterator(), 1));
        assertEquals("batch of type java.lang.String (expected: DataSet or MultiDataSet)", failure.getMessage());
    }
}
