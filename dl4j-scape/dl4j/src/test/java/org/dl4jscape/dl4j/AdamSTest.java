package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** AdamS alone, as any updater of Deeplearning4j: formula, JSON, copies, state. */
class AdamSTest {
    static List<AdamS> updaters() {
        AdamS betas = new AdamS(0.25);
        betas.setBeta1(0.8);
        betas.setBeta2(0.99);
        betas.setEpsilon(1e-5);
        betas.setBiasCorrection(false);
        AdamS scheduled = new AdamS(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9));
        AdamS replaced = new AdamS(0.1);
        replaced.setLrAndSchedule(Double.NaN, new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.1, 3, 0.01)));
        return List.of(new AdamS(), new AdamS(0), new AdamS(0.25), betas, scheduled, replaced);
    }

    /** The formula in double precision, as SCAPE.md's sources give it: old moment, current correction, eps outside. */
    @ParameterizedTest
    @CsvSource({"0.9,0.95,1e-8,true", "0.9,0.95,1e-8,false", "0.5,0.999,1e-3,true", "0,0.9,1e-8,true"})
    void shouldFollowItsFormula(double beta1, double beta2, double epsilon, boolean biasCorrection) {
        AdamS config = new AdamS(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9));
        config.setBeta1(beta1);
        config.setBeta2(beta2);
        config.setEpsilon(epsilon);
        config.setBiasCorrection(biasCorrection);
        int n = 40;
        INDArray state = Nd4j.create(1, n);
        GradientUpdater<?> updater = config.instantiate(state, true);
        double[] m = new double[n];
        Random random = new Random(101);
        for (int iteration = 0; iteration < 12; iteration++) {
            float[] gradient = new float[n];
            for (int i = 0; i < n; i++) {
                gradient[i] = i == 0 ? 0 : (float) (random.nextGaussian() * Math.pow(10, i % 5 - 2));
            }
            INDArray update = Nd4j.createFromArray(gradient).reshape(1, n);
            updater.applyUpdater(update, iteration, 0);
            double c = biasCorrection ? 1 - Math.pow(beta1, iteration + 1) : 1;
            double rate = 0.1 * Math.pow(0.9, iteration);
            for (int i = 0; i < n; i++) {
                double g = gradient[i];
                double v = beta2 * (m[i] / c) * (m[i] / c) + (1 - beta2) * g * g;
                m[i] = beta1 * m[i] + (1 - beta1) * g;
                double expected = rate * (m[i] / c) / (Math.sqrt(v) + epsilon);
                assertEquals(expected, update.getDouble(i), 2e-5 * Math.abs(expected) + 1e-9, "coordinate " + i);
                assertEquals(m[i], state.getDouble(i), 1e-5 * Math.abs(m[i]) + 1e-9, "moment " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void shouldEqualItsCloneAndShareNothingWithIt(AdamS updater) {
        AdamS copy = updater.clone();
        assertEquals(updater, copy);
        assertEquals(updater.hashCode(), copy.hashCode());
        assertNotSame(updater, copy);
        assertEquals(updater.getLearningRate(7, 3), copy.getLearningRate(7, 3));
        copy.setBeta1(0.123);
        assertNotEquals(updater, copy);
        assertNotEquals(0.123, updater.getBeta1());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void shouldSurviveJsonAndYaml(AdamS updater) {
        MultiLayerConfiguration conf = Networks.multiLayer(updater).getLayerWiseConfigurations();
        assertEquals(conf, MultiLayerConfiguration.fromJson(conf.toJson()));
        assertEquals(conf, MultiLayerConfiguration.fromYaml(conf.toYaml()));
        ComputationGraphConfiguration graph = Networks.graph(updater).getConfiguration();
        ComputationGraphConfiguration back = ComputationGraphConfiguration.fromJson(graph.toJson());
        assertEquals(graph, back);
    }

    @Test
    void shouldDifferWhereASettingDiffers() {
        List<AdamS> all = updaters();
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                boolean sameRate = all.get(i).equals(all.get(j));
                // new AdamS() has the default rate, 1e-3, which none of the others has.
                assertEquals(i == j, sameRate, i + ", " + j);
            }
        }
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        AdamS updater = new AdamS();
        for (double rate : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
            var failure = assertThrows(IllegalArgumentException.class, () -> new AdamS(rate));
            assertEquals(
                    "learningRate=" + rate + " (expected: finite and >= 0); 1e-3 is a good start",
                    failure.getMessage());
            assertThrows(IllegalArgumentException.class, () -> updater.setLrAndSchedule(rate, null));
        }
        assertThrows(IllegalArgumentException.class, () -> updater.setBeta1(1));
        assertThrows(IllegalArgumentException.class, () -> updater.setBeta2(-0.1));
        assertThrows(IllegalArgumentException.class, () -> updater.setEpsilon(0));
        assertEquals(new AdamS(), updater);
    }

    @TempDir
    Path folder;

    /** Parameters, moments and counters come back, so that plain fit goes on as if it had never stopped. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldResumePlainFitAfterSaveAndLoad(NetworkType type) throws Exception {
        List<DataSet> batches = Networks.batches(20, 8, 102);
        AdamS updater = new AdamS(new ExponentialSchedule(ScheduleType.ITERATION, 0.02, 0.9));
        Model whole = network(type, updater);
        Parity.plain(whole, batches, 1);
        Model half = network(type, updater);
        Parity.plain(half, batches.subList(0, 10), 1);
        File file = folder.resolve("network.zip").toFile();
        ModelSerializer.writeModel(half, file, true);
        Model back = type == NetworkType.MULTI_LAYER
                ? MultiLayerNetwork.load(file, true)
                : ComputationGraph.load(file, true);
        assertArrayEquals(state(half).toFloatVector(), state(back).toFloatVector());
        assertEquals(whole.params().length(), state(back).length(), "one value of state a parameter");
        Parity.plain(back, batches.subList(10, 20), 1);
        assertArrayEquals(whole.params().toFloatVector(), back.params().toFloatVector());
        Model fresh = network(type, updater);
        fresh.params().assign(half.params());
        Parity.plain(fresh, batches.subList(10, 20), 1);
        assertNotEquals(whole.params(), fresh.params(), "the state makes no difference");
    }

    private static Model network(NetworkType type, AdamS updater) {
        return type == NetworkType.MULTI_LAYER ? Networks.multiLayer(updater) : Networks.graph(updater);
    }

    private static INDArray state(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getUpdater().getStateViewArray()
                : ((ComputationGraph) network).getUpdater().getStateViewArray();
    }
}
