package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.CheckpointFolder;
import org.dl4jscape.core.checkpoint.CheckpointFolder.Saved;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** A training that is asked to stop saves exactly the step after which it ends. */
class StoppedTrainingTest {
    /** Ten steps an epoch; rank 1 has no batch in the last one. */
    private static final List<DataSet> DATA = Networks.batches(19, 8, 81);

    private static final ScapeConfig AHEAD =
            ScapeConfig.builder().density(0.1).warmupSteps(4).lookAhead(true).build();

    @TempDir
    Path home;

    private static FitResult train(CheckpointPolicy policy) {
        Model network = Networks.withBatchNorm(new AdamS(0.01));
        return ScapeTrainer.builder()
                .ranks(2)
                .config(AHEAD)
                .checkpoints(policy)
                .build()
                .fit(network, epoch -> DATA.iterator(), 2);
    }

    @Test
    void shouldSaveTheStepAfterWhichItStopsAndGoOnFromThere() throws IOException {
        CheckpointPolicy whole = CheckpointPolicy.in(home.resolve("whole")).every(1000);
        List<String> expected = train(whole).parametersSha256();
        for (int last : List.of(1, 7, 10, 13)) {
            Path folder = home.resolve("stopped-" + last);
            CheckpointPolicy policy = CheckpointPolicy.in(folder).every(1000);
            TrainingStoppedException stopped =
                    assertThrows(TrainingStoppedException.class, () -> train(policy.stopWhen(step -> step == last)));
            assertEquals(
                    "training was stopped after step " + last + ", which is saved; resume it from its checkpoints",
                    stopped.getMessage());
            assertEquals(
                    last, new CheckpointFolder(folder).latest().map(Saved::step).orElse(0));
            assertEquals(expected, train(policy.resume()).parametersSha256(), "stopped after step " + last);
        }
    }

    @Test
    void shouldAskEveryRankOnceAStep() {
        AtomicInteger asked = new AtomicInteger();
        train(CheckpointPolicy.in(home).stopWhen(step -> {
            asked.incrementAndGet();
            return false;
        }));
        assertEquals(2 * 20, asked.get());
    }
}
