package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.layout.ParameterLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step makes no arrays and no strings once its memory has grown; counted by the JVM, thread by thread. */
class StepAllocationTest {
    private static final int WORLD_SIZE = 2;
    private static final int LENGTH = 20_000;
    private static final int WARM_UP = 500;
    private static final int COUNTED = 500;

    /**
     * What interpreted code may leave behind: iterators and buffer objects, which compiled code does not make. An array of
     * the mask's 200 values, or a string for each of them, would be far above it.
     */
    private static final long ALLOWED_BYTES = 790;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingThatGrowsWithTheMask(ShardingMode sharding) {
        ScapeConfig config = ScapeConfig.builder()
                .density(0.01)
                .warmupSteps(2)
                .sharding(sharding)
                .build();
        ParameterLayout layout = ParameterLayout.uniform(LENGTH, AdamSConfig.defaults());
        Replicas replicas = new Replicas(config, layout, WORLD_SIZE, new float[LENGTH], VectorKernels::new);
        LearningRates rates = LearningRates.constant(1e-3);
        long[] bytesPerStep = new long[WORLD_SIZE];

        RankThreads.run(WORLD_SIZE, rank -> {
            float[] gradient = new float[LENGTH];
            Random random = new Random(rank);
            for (int i = 0; i < LENGTH; i++) {
                gradient[i] = (float) random.nextGaussian();
            }
            java.nio.FloatBuffer view = java.nio.FloatBuffer.wrap(gradient);
            long before = 0;
            for (int step = 0; step < WARM_UP + COUNTED; step++) {
                if (step == WARM_UP) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                replicas.steps.get(rank).run(replicas.parameters.get(rank), view, 1, 0, rates);
            }
            bytesPerStep[rank] = (threads.getCurrentThreadAllocatedBytes() - before) / COUNTED;
        });

        for (int rank = 0; rank < WORLD_SIZE; rank++) {
            assertTrue(
                    bytesPerStep[rank] < ALLOWED_BYTES,
                    "rank " + rank + " allocates " + bytesPerStep[rank] + " bytes a step, expected below "
                            + ALLOWED_BYTES);
        }
    }
}
