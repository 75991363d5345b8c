package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** A Spark program that was stopped is run again as it is, and ends as if nothing had happened. */
@Tag("spark")
class SparkCheckpointTest {
    private static final int FITS = 3;
    private static final int STEPS_A_FIT = 8;

    @TempDir
    Path home;

    private final JavaSparkContext context = LocalSpark.context();
    private final List<DataSet> data = LocalSpark.batches(2 * STEPS_A_FIT, 8, 1);

    /** The whole program: a new master and a new network, some fits. Returns the digest of the parameters. */
    private ScapeTrainingMaster program(@Nullable CheckpointPolicy policy, int failAfter, MultiLayerNetwork net) {
        ScapeConfig config = ScapeConfig.builder()
                .density(0.2)
                .warmupSteps(5)
                .lookAhead(true)
                .build();
        ScapeTrainingMaster.Builder builder =
                LocalSpark.builder().config(config).repartitionData(Repartition.Never);
        if (policy != null) {
            builder.checkpoints(policy);
        }
        ScapeTrainingMaster master = builder.stepListener(rank -> List.of(stats -> {
                    if (rank == 1 && stats.step() == failAfter) {
                        throw new IllegalStateException("the rank is lost after step " + failAfter);
                    }
                }))
                .build();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, net, master);
        for (int fit = 0; fit < FITS; fit++) {
            spark.fit(context.parallelize(data, 2));
        }
        return master;
    }

    private static String sha256(ScapeTrainingMaster master) {
        return master.lastResults().get(0).parametersSha256();
    }

    @Test
    void shouldEndWithTheSameBitsWhenTheProgramIsRunAgain() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MultiLayerNetwork wholeNet = LocalSpark.multiLayer();
        String whole = sha256(program(null, -1, wholeNet));
        for (int run = 0; run < 3; run++) {
            int failAfter = 2 + random.nextInt(FITS * STEPS_A_FIT - 2);
            CheckpointPolicy policy =
                    CheckpointPolicy.in(home.resolve("run" + run)).every(1 + random.nextInt(5));
            String name = "seed " + seed + ", lost after step " + failAfter + ", saved every " + policy.everySteps();
            Exception failure =
                    assertThrows(Exception.class, () -> program(policy, failAfter, LocalSpark.multiLayer()), name);
            assertTrue(String.valueOf(failure.getMessage()).contains("the rank is lost after step"), failure::toString);
            MultiLayerNetwork net = LocalSpark.multiLayer();
            ScapeTrainingMaster master = program(policy.resume(), -1, net);
            assertEquals(whole, sha256(master), name);
            assertEquals(wholeNet.params(), net.params(), name);
            assertEquals(FITS * STEPS_A_FIT, net.getIterationCount(), name);
            assertEquals(FITS, net.getEpochCount(), name);
        }
    }

    @Test
    void shouldPassOverAProgramThatWasComplete() throws Exception {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(1000);
        MultiLayerNetwork first = LocalSpark.multiLayer();
        program(policy, -1, first);
        assertEquals(
                FITS * STEPS_A_FIT,
                new CheckpointFolder(home).latest().orElseThrow().step());
        MultiLayerNetwork second = LocalSpark.multiLayer();
        assertEquals(List.of(), program(policy.resume(), -1, second).lastResults());
        assertEquals(first.params(), second.params());
    }

    @Test
    void shouldNotMixTwoTrainings() {
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(10);
        program(policy, -1, LocalSpark.multiLayer());
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> program(policy, -1, LocalSpark.multiLayer()));
        assertTrue(String.valueOf(refusal.getMessage()).contains("call resume() to go on"), refusal::getMessage);
    }
}
