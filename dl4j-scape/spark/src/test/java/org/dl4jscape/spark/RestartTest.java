package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.PeerLostException;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** A fit that lost a rank is begun again and ends as if nothing had happened; a rank that raises ends the training. */
@Tag("spark")
class RestartTest {
    private static final int FITS = 2;
    private static final int STEPS_A_FIT = 8;

    /** Ranks run in this JVM: what happened to them is told here. */
    private static final AtomicInteger LOSSES = new AtomicInteger();

    private static final List<Integer> STEPS = new CopyOnWriteArrayList<>();

    @TempDir
    Path home;

    private final JavaSparkContext context = LocalSpark.context();
    private final List<DataSet> data = LocalSpark.batches(2 * STEPS_A_FIT, 8, 1);

    @BeforeEach
    void forget() {
        LOSSES.set(0);
        STEPS.clear();
    }

    /** Rank 1 fails after a step, so many times; it also notes its steps. */
    private static StepListenerFactory failing(int step, int times, boolean raises) {
        return rank -> rank == 0
                ? List.of()
                : List.<StepListener>of(stats -> {
                    STEPS.add(stats.step());
                    if (stats.step() == step && LOSSES.getAndIncrement() < times) {
                        if (raises) {
                            throw new IllegalStateException("the disk of this rank is full");
                        }
                        throw new PeerLostException(0, "reduce-scatter", "rank 0 of 2 is lost");
                    }
                });
    }

    private static ScapeTrainingMaster.Builder master() {
        ScapeConfig config = ScapeConfig.builder()
                .density(0.2)
                .warmupSteps(5)
                .lookAhead(true)
                .build();
        return LocalSpark.builder().config(config);
    }

    private SparkDl4jMultiLayer train(ScapeTrainingMaster.Builder builder) {
        MultiLayerNetwork net = LocalSpark.multiLayer();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, net, builder.build());
        JavaRDD<DataSet> rdd = context.parallelize(data, 2);
        for (int fit = 0; fit < FITS; fit++) {
            spark.fit(rdd);
        }
        return spark;
    }

    private static String sha256(SparkDl4jMultiLayer spark) {
        ScapeTrainingMaster master = (ScapeTrainingMaster) spark.getTrainingMaster();
        return master.lastResults().get(0).parametersSha256();
    }

    private static void assertSame(SparkDl4jMultiLayer expected, SparkDl4jMultiLayer found, String name) {
        assertEquals(sha256(expected), sha256(found), name);
        assertEquals(expected.getNetwork().params(), found.getNetwork().params(), name);
        assertEquals(FITS * STEPS_A_FIT, found.getNetwork().getIterationCount(), name);
        assertEquals(FITS, found.getNetwork().getEpochCount(), name);
        assertEquals(expected.getScore(), found.getScore(), name);
    }

    @Test
    void shouldGoOnFromTheNewestCheckpointAsIfNothingHadBeenLost() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (Repartition repartition : new Repartition[] {Repartition.Never, Repartition.Always}) {
            forget();
            SparkDl4jMultiLayer whole = train(master().repartitionData(repartition));
            int lostAfter = 2 + random.nextInt(FITS * STEPS_A_FIT - 2);
            CheckpointPolicy policy =
                    CheckpointPolicy.in(home.resolve(repartition.name())).every(1 + random.nextInt(5));
            String name = "seed " + seed + ", " + repartition + ", lost after step " + lostAfter + ", saved every "
                    + policy.everySteps();
            SparkDl4jMultiLayer restarted = train(master().repartitionData(repartition)
                    .checkpoints(policy)
                    .stepListener(failing(lostAfter, 1, false)));
            assertSame(whole, restarted, name);
            assertTrue(LOSSES.get() >= 1, "no rank was lost; " + name);
            int every = policy.everySteps();
            int fitStart = (lostAfter - 1) / STEPS_A_FIT * STEPS_A_FIT;
            int saved = Math.max(fitStart, (lostAfter - 1) / every * every);
            assertEquals(lostAfter, STEPS.get(lostAfter - 1), name);
            assertTrue(STEPS.get(lostAfter) <= saved + 1 && STEPS.get(lostAfter) > fitStart, name + " " + STEPS);
        }
    }

    /** The newest checkpoint is then of the fit before, after its last step, with all of its batches used up. */
    @Test
    void shouldUseEveryBatchOfAFitThatLosesARankInItsFirstStep() {
        SparkDl4jMultiLayer whole = train(master());
        CheckpointPolicy policy = CheckpointPolicy.in(home).every(2);
        int lostAfter = STEPS_A_FIT + 1;
        SparkDl4jMultiLayer restarted = train(master().checkpoints(policy).stepListener(failing(lostAfter, 1, false)));
        assertSame(whole, restarted, "lost in the first step of the second fit");
        assertEquals(2, LOSSES.get());
        assertEquals(lostAfter, STEPS.get(lostAfter));
    }

    @Test
    void shouldBeginTheFitAnewWithoutCheckpointsWhereRestartsAreAllowed() {
        SparkDl4jMultiLayer whole = train(master());
        int lostAfter = STEPS_A_FIT + 3;
        SparkDl4jMultiLayer restarted = train(master().maxRestarts(1).stepListener(failing(lostAfter, 1, false)));
        assertSame(whole, restarted, "begun anew");
        assertEquals(2, LOSSES.get());
        assertEquals(STEPS_A_FIT + 1, STEPS.get(lostAfter));
    }

    @Test
    void shouldFailAtOnceWithTheMessageOfARankThatRaises() {
        Exception failure = assertThrows(
                SparkException.class,
                () -> train(
                        master().checkpoints(CheckpointPolicy.in(home).every(1)).stepListener(failing(3, 9, true))));
        assertTrue(String.valueOf(failure.getMessage()).contains("the disk of this rank is full"), failure::toString);
        assertEquals(1, LOSSES.get(), "a rank that raises must not be run again");
    }

    @Test
    void shouldGiveUpWhenRanksAreLostAgainAndAgain() {
        ScapeTrainingMaster.Builder builder = master().maxRestarts(2).stepListener(failing(3, 99, false));
        Exception failure = assertThrows(SparkException.class, () -> train(builder));
        assertTrue(String.valueOf(failure.getMessage()).contains("rank 0 of 2 is lost"), failure::toString);
        assertEquals(
                "fit 0 lost ranks again after maxRestarts=2 restarts",
                Arrays.stream(failure.getSuppressed())
                        .map(Throwable::getMessage)
                        .findFirst()
                        .orElse(""));
        assertEquals(3, LOSSES.get());
    }

    @Test
    void shouldNotRestartByDefaultWithoutCheckpoints() {
        assertThrows(SparkException.class, () -> train(master().stepListener(failing(3, 99, false))));
        assertEquals(1, LOSSES.get());
    }

    @Test
    void shouldRefuseRestartOptionsOutOfRange() {
        assertEquals(
                "maxRestarts=-1 (expected: >= 0)",
                assertThrows(IllegalArgumentException.class, () -> master().maxRestarts(-1))
                        .getMessage());
        assertEquals(
                "restartTimeout=PT0S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> master().restartTimeout(Duration.ZERO))
                        .getMessage());
    }
}
