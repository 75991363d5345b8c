package org.dl4jscape.tests.repeated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.tests.problems.Problem;
import org.dl4jscape.tests.spark.LocalSpark;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** Trainings one after another in one JVM leave no thread, file or memory behind, on threads and on Spark. */
@Tag("slow")
@Tag("spark")
class ManyTrainingsTest {
    /** Class loading, pools and caches of Spark grow in the first ones. */
    private static final int WARM_UP = 3;

    /** Files and bytes that Spark may hold more or less of at a moment, whatever the number of trainings. */
    private static final long FILES_SLACK = 4;

    private static final long BYTES_SLACK = 1 << 20;

    private static final List<DataSet> DATA = Problem.batches(12, 8, 71);

    @TempDir
    Path folder;

    @Test
    void shouldLeaveNothingBehindAfterFiveTrainings() throws Exception {
        assertNothingLeft(5);
    }

    @Test
    void shouldLeaveNothingBehindAfterFiftyTrainings() throws Exception {
        assertNothingLeft(50);
    }

    /** One by threads and one by Spark, each over Aeron and with checkpoints; both give the same parameters. */
    private String train(int number) {
        String threads = ScapeTrainer.builder()
                .ranks(2)
                .config(Problem.sparse())
                .transport("aeron")
                .checkpoints(
                        CheckpointPolicy.in(folder.resolve("threads-" + number)).every(4))
                .build()
                .fit(Problem.multiLayer(), epoch -> DATA.iterator(), 1)
                .parametersSha256()
                .get(0);
        ScapeTrainingMaster master = LocalSpark.overAeron(8)
                .checkpoints(
                        CheckpointPolicy.in(folder.resolve("spark-" + number)).every(4))
                .build();
        new SparkDl4jMultiLayer(LocalSpark.context(), Problem.multiLayer(), master).fit(LocalSpark.dealt(DATA));
        assertEquals(threads, master.lastResults().get(0).parametersSha256());
        return threads;
    }

    private void assertNothingLeft(int trainings) throws Exception {
        String first = train(0);
        for (int i = 1; i < WARM_UP; i++) {
            train(i);
        }
        Holdings before = Holdings.settled();
        for (int i = 0; i < trainings; i++) {
            assertEquals(first, train(WARM_UP + i));
        }
        Holdings after = Holdings.settled();
        System.out.println("before " + trainings + " x 2 trainings: " + before + "\nafter: " + after);
        String change = before + " -> " + after;
        assertTrue(after.threads() <= before.threads(), change);
        assertTrue(after.files() <= before.files() + FILES_SLACK, change);
        assertTrue(after.directBytes() <= before.directBytes() + BYTES_SLACK, change);
        assertTrue(after.mappedBytes() <= before.mappedBytes(), change);
        assertTrue(after.transportFiles() <= before.transportFiles(), change);
    }
}
