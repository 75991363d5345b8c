package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.MinMaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** What a user may set on a network acts on ranks as it acts under plain {@code net.fit}, and each setting is felt. */
class FeatureParityTest {
    private static final double RATE = 5e-3;

    private record Feature(String name, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Feature> LINEAR = List.of(
            new Feature("L1", base -> base.l1(5e-3)),
            new Feature("L2", base -> base.l2(5e-2)),
            new Feature(
                    "L1 and L2, of biases too",
                    base -> base.l1(1e-3).l2(1e-2).l1Bias(1e-2).l2Bias(1e-2)),
            new Feature(
                    "L2 by schedule",
                    base -> base.regularization(
                            List.of(new L2Regularization(new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 5))))),
            new Feature("weight decay", base -> base.weightDecay(2, true)),
            new Feature("weight decay and L1 of biases", base -> base.weightDecay(2, true)
                    .l1Bias(1e-2)),
            new Feature("weight decay of biases", base -> base.regularizationBias(List.of(new WeightDecay(2, true)))),
            new Feature("MaxNorm", base -> base.constrainWeights(new MaxNormConstraint(0.5, 1))),
            new Feature("MinMaxNorm", base -> base.constrainWeights(new MinMaxNormConstraint(0.9, 0.95, 0.8, 1))),
            new Feature("UnitNorm", base -> base.constrainWeights(new UnitNormConstraint(1))),
            new Feature("non-negative weights", base -> base.constrainWeights(new NonNegativeConstraint())),
            new Feature("another rate for biases", base -> base.biasUpdater(new AdamS(10 * RATE))),
            new Feature("other betas", base -> base.updater(adamS(RATE, 0.8, 0.99, 1e-8, true))),
            new Feature("large epsilon", base -> base.updater(adamS(RATE, 0.9, 0.95, 1e-2, true))),
            new Feature("no bias correction", base -> base.updater(adamS(RATE, 0.9, 0.95, 1e-8, false))),
            new Feature("rate by iteration", scheduled(new StepSchedule(ScheduleType.ITERATION, 0.02, 0.3, 4))),
            new Feature(
                    "rate that ramps",
                    scheduled(new RampSchedule(new ExponentialSchedule(ScheduleType.ITERATION, 0.02, 0.9), 6))),
            new Feature(
                    "rate by epoch",
                    scheduled(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.001, 1, 0.02, 2, 0.0005)))));

    private static UnaryOperator<NeuralNetConfiguration.Builder> scheduled(ISchedule schedule) {
        return base -> base.updater(new AdamS(schedule));
    }

    private static AdamS adamS(double rate, double beta1, double beta2, double epsilon, boolean biasCorrection) {
        AdamS updater = new AdamS(rate);
        updater.setBeta1(beta1);
        updater.setBeta2(beta2);
        updater.setEpsilon(epsilon);
        updater.setBiasCorrection(biasCorrection);
        return updater;
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(new AdamS(RATE))
                .activation(Activation.TANH);
    }

    private static Model network(NetworkType type, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
        return type.chain(setting.apply(base()), dense(Networks.INPUTS, null), dense(16, null), output(null));
    }

    private static DenseLayer dense(int inputs, IUpdater updater) {
        return new DenseLayer.Builder().nIn(inputs).nOut(16).updater(updater).build();
    }

    private static OutputLayer output(IUpdater updater) {
        return new OutputLayer.Builder()
                .nIn(16)
                .nOut(Networks.CLASSES)
                .activation(Activation.SOFTMAX)
                .updater(updater)
                .build();
    }

    static List<Arguments> linearFeatures() {
        List<Arguments> cases = new ArrayList<>();
        for (NetworkType type : NetworkType.values()) {
            LINEAR.forEach(feature -> cases.add(Arguments.of(type, feature)));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("linearFeatures")
    void shouldEqualPlainFitOnJoinedBatches(NetworkType type, Feature feature) {
        List<DataSet> halves = Networks.batches(16, 8, 21);
        Parity.Run plain = Parity.plain(network(type, feature.setting()), Parity.pairs(halves), 3);
        Parity.Run ranks = Parity.parallel(network(type, feature.setting()), Parity.DENSE, 2, halves, 3);
        Parity.assertSame(plain, ranks, 1e-4);
        Parity.Run without = Parity.plain(network(type, base -> base), Parity.pairs(halves), 3);
        assertTrue(Parity.distance(plain, without) > 1e-2, feature + " is not felt");
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldWeighBatchesByTheirExamples(NetworkType type) {
        List<DataSet> halves = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            halves.addAll(Networks.batches(1, i % 2 == 0 ? 12 : 5, 100 + i));
        }
        Parity.assertHalvesEqualWhole(() -> network(type, base -> base.l2(1e-2)), halves, 1);
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldKeepRatesAndBetasOfEachLayer(NetworkType type) {
        List<DataSet> halves = Networks.batches(24, 8, 22);
        IUpdater first = adamS(1e-3, 0.5, 0.9, 1e-8, true);
        IUpdater second = new AdamS(new StepSchedule(ScheduleType.ITERATION, 0.02, 0.5, 3));
        IUpdater third = adamS(1e-2, 0.95, 0.999, 1e-6, false);
        Parity.assertHalvesEqualWhole(
                () -> type.chain(base(), dense(Networks.INPUTS, first), dense(16, second), output(third)), halves, 1);
    }

    static List<Arguments> normalizations() {
        List<Arguments> cases = new ArrayList<>();
        for (NetworkType type : NetworkType.values()) {
            for (GradientNormalization normalization : GradientNormalization.values()) {
                cases.add(Arguments.of(type, normalization));
            }
        }
        return cases;
    }

    /** Each rank normalises its own gradient, as Deeplearning4j does: equal batches, since the mean of parts is no part. */
    @ParameterizedTest
    @MethodSource("normalizations")
    void shouldNormalizeGradientsAsPlainFitDoes(NetworkType type, GradientNormalization normalization) {
        List<DataSet> batches = Networks.batches(12, 8, 23);
        // A large epsilon makes AdamS feel the size of a gradient, which it would divide away.
        UnaryOperator<NeuralNetConfiguration.Builder> plainly =
                base -> base.l2(1e-2).updater(adamS(0.05, 0.9, 0.95, 0.1, true));
        UnaryOperator<NeuralNetConfiguration.Builder> normalized =
                base -> plainly.apply(base).gradientNormalization(normalization).gradientNormalizationThreshold(0.01);
        Parity.assertTwinsEqualOne(() -> network(type, normalized), batches, 2);
        if (normalization != GradientNormalization.None) {
            double felt = Parity.distance(
                    Parity.plain(network(type, normalized), batches, 2),
                    Parity.plain(network(type, plainly), batches, 2));
            assertTrue(felt > 1e-2, normalization + " is not felt: " + felt);
        }
    }

    /** The gradient of each rank is clipped before the mean is formed: pinned with batches that differ. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldClipOnEachRankBeforeTheMean(NetworkType type) {
        List<DataSet> halves = Networks.batches(2, 8, 24);
        UnaryOperator<NeuralNetConfiguration.Builder> clipped = base -> base.updater(adamS(1, 0.9, 0.95, 1e6, true))
                .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                .gradientNormalizationThreshold(0.01);
        float[] start = network(type, clipped).params().toFloatVector();
        float[] ranks = Parity.parallel(network(type, clipped), Parity.DENSE, 2, halves, 1)
                .parameters();
        float[] first =
                Parity.plain(network(type, clipped), halves.subList(0, 1), 1).parameters();
        float[] second =
                Parity.plain(network(type, clipped), halves.subList(1, 2), 1).parameters();
        // With this epsilon one step is -gradient / 1e6 up to the rounding of the parameter itself.
        for (int i = 0; i < start.length; i++) {
            double mean = ((first[i] - start[i]) + (second[i] - start[i])) / 2.0;
            assertTrue(Math.abs(ranks[i] - start[i] - mean) <= 1.5 * Math.ulp(start[i]) + 1e-12, "parameter " + i);
        }
    }
}
