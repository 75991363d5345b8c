package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.AdamS;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The snippets of the quick start and the algorithm's page, run as they stand. */
class QuickStartTest {
    /** Points on a plane, labelled by the side of a line. */
    static List<DataSet> batches(int count, int size, long seed) {
        Random random = new Random(seed);
        List<DataSet> all = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            float[][] inputs = new float[size][2];
            float[][] labels = new float[size][2];
            for (int i = 0; i < size; i++) {
                inputs[i][0] = (float) random.nextGaussian();
                inputs[i][1] = (float) random.nextGaussian();
                labels[i][inputs[i][0] > inputs[i][1] ? 1 : 0] = 1;
            }
            all.add(new DataSet(Nd4j.create(inputs), Nd4j.create(labels)));
        }
        return all;
    }

    static MultiLayerNetwork network() {
        // #region network
        DenseLayer hidden = new DenseLayer.Builder().nIn(2).nOut(64).build();
        OutputLayer output = new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(64)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new AdamS(1e-2))
                .weightDecay(0.01)
                .activation(Activation.TANH)
                .list(hidden, output)
                .build());
        network.init();
        // #endregion network
        return network;
    }

    @Test
    void shouldTrainAsTheQuickStartSays() {
        MultiLayerNetwork network = network();
        List<DataSet> batches = batches(40, 16, 1);
        double before = network.score(DataSet.merge(batches));
        // #region trainer
        ScapeTrainer trainer = ScapeTrainer.builder()
                .ranks(2)
                .transport("aeron") // or inprocess, the default
                .config(ScapeConfig.builder()
                        .density(0.05) // or sparsity(0.95)
                        .warmupSteps(10)
                        .build())
                .timeout(Duration.ofSeconds(30))
                .build();
        FitResult result = trainer.fit(network, epoch -> batches.iterator(), 3);

        // All ranks hold the same bits; bytes are those of rank 0, as the transport counts them.
        boolean identical = result.replicasIdentical();
        long valueBytes = result.bytesSent().get(PayloadKind.VALUES);
        // #endregion trainer
        assertTrue(identical);
        assertTrue(valueBytes > 0);
        assertEquals(60, result.steps());
        assertTrue(network.score(DataSet.merge(batches)) < before, "loss did not fall from " + before);
    }

    @Test
    void shouldListenToSteps() {
        List<String> lines = new ArrayList<>();
        List<DataSet> batches = batches(20, 16, 2);
        // #region listener
        StepListener printing = stats -> lines.add(String.format(
                "step %d: loss %.3f, density %.3f, %d value bytes, %d mask bytes",
                stats.step(),
                stats.loss(),
                stats.density(),
                stats.bytesSent(PayloadKind.VALUES),
                stats.bytesSent(PayloadKind.MASK)));
        ScapeTrainer.builder()
                .listeners(rank -> rank == 0 ? List.of(printing) : List.of())
                .build()
                .fit(network(), epoch -> batches.iterator(), 2);
        // #endregion listener
        assertEquals(20, lines.size());
    }

    @Test
    void shouldTrainWithAdamSAlone() {
        List<DataSet> batches = batches(40, 16, 3);
        MultiLayerNetwork network = network();
        double before = network.score(DataSet.merge(batches));
        // #region adams
        for (DataSet batch : batches) {
            network.fit(batch); // no ranks, no exchange
        }
        // #endregion adams
        assertTrue(network.score(DataSet.merge(batches)) < before, "loss did not fall from " + before);
    }

    @Test
    void shouldBuildTheConfigurationsOfTheAlgorithmPage() {
        // #region schedule
        ScapeConfig gradual = ScapeConfig.builder()
                .densitySchedule(
                        DensitySchedule.constant(0.1, 200).then(1000, 0.03).then(3000, 0.01))
                .build();
        // #endregion schedule
        assertEquals(1.0, gradual.density().densityAt(200));
        assertEquals(0.1, gradual.density().densityAt(201));
        assertEquals(0.01, gradual.density().densityAt(3000));
        // #region rules
        // The paper's reading: what was missed is missed.
        ScapeConfig plain = ScapeConfig.builder().catchUp(CatchUp.none()).build();
        // At most 32 times one update; a mask may serve several steps.
        ScapeConfig capped = ScapeConfig.builder()
                .catchUp(CatchUp.capped(32))
                .maskRefreshInterval(4)
                .build();
        // The closed form is the default; look-ahead is its option.
        ScapeConfig ahead = ScapeConfig.builder().lookAhead(true).build();
        // #endregion rules
        assertEquals(CatchUp.Kind.NONE, plain.catchUp().kind());
        assertEquals(4, capped.maskRefreshInterval());
        assertEquals(CatchUp.Kind.CLOSED_FORM, ahead.catchUp().kind());
        // #region wire
        ScapeConfig half = ScapeConfig.builder()
                .gradientPrecision(WirePrecision.BF16)
                .parameterPrecision(WirePrecision.BF16)
                .build();
        // #endregion wire
        assertEquals(2, half.gradientPrecision().bytes());
    }
}
