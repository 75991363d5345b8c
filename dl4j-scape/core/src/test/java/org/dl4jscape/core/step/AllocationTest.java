package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step allocates nothing on the training threads, once its buffers have grown: not one byte in a window of many steps.
 *
 * <p>The virtual machine itself allocates some hundred bytes now and then, when it links a call anew. So several windows are
 * measured and the best one counts; what a step allocates, or every tenth step, is in all of them.
 */
class AllocationTest {
    private static final int RANKS = 2;
    private static final int LENGTH = 4000;
    private static final int WARMUP = 200;
    private static final int WINDOWS = 4;
    private static final int WINDOW = 60;
    /** Looked up once, since the look-up itself allocates. */
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final LearningRates RATES = LearningRates.constant(0.001);

    static List<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String kernels : List.of("reference", "vector")) {
            all.add(Arguments.of("closed form", kernels, base()));
            all.add(Arguments.of("replicated", kernels, base().sharding(ShardingMode.REPLICATED)));
        }
        all.add(Arguments.of("none", "vector", base().catchUp(CatchUp.none())));
        all.add(Arguments.of(
                "capped, refreshed every 3",
                "vector",
                base().catchUp(CatchUp.capped(8)).maskRefreshInterval(3)));
        all.add(Arguments.of("clipped", "vector", base().globalClipNorm(0.5)));
        all.add(Arguments.of("look-ahead", "vector", base().lookAhead(true)));
        all.add(Arguments.of("statistics", "vector", base().statisticsInterval(1)));
        all.add(Arguments.of("skipping", "vector", base().nonFinite(NonFinitePolicy.SKIP_STEP)));
        all.add(Arguments.of("dense", "vector", base().density(1)));
        all.add(Arguments.of(
                "rounded",
                "vector",
                base().gradientPrecision(WirePrecision.BF16)
                        .parameterPrecision(WirePrecision.FP16)
                        .noisePrecision(WirePrecision.BF16)));
        return all;
    }

    private static ScapeConfig.Builder base() {
        return ScapeConfig.builder().density(0.02).warmupSteps(3);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void shouldAllocateNothingAfterWarmup(String name, String kernels, ScapeConfig.Builder config) {
        ParameterLayout layout = Layouts.ofAllRoles(LENGTH / 8, 8, LENGTH / 2, LENGTH / 2);
        Training training = new Training(config.build(), new ShardLayout(layout, RANKS), kernels);
        long[] allocated = new long[RANKS];
        RankThreads.run(RANKS, rank -> {
            training.run(rank, WARMUP);
            allocated[rank] = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS; window++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                training.run(rank, WINDOW);
                long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                allocated[rank] = Math.min(allocated[rank], bytes);
            }
        });
        for (int rank = 0; rank < RANKS; rank++) {
            assertEquals(WARMUP + WINDOWS * WINDOW, training.states.get(rank).step());
            assertEquals(0, allocated[rank], name + ": bytes that rank " + rank + " allocated in " + WINDOW + " steps");
        }
    }

    @Test
    void shouldSeeASingleAllocation() {
        RankThreads.run(1, rank -> {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            List<int[]> kept = List.of(new int[1]);
            long after = THREADS.getCurrentThreadAllocatedBytes();
            assertTrue(after - before >= 16L * kept.size(), "the counter must count");
        });
    }

    /** Ranks with gradients that are made in place. */
    private static final class Training {
        final List<RankState> states = new ArrayList<>();
        private final List<ScapeStep> steps = new ArrayList<>();
        private final FloatBuffer[] parameters = new FloatBuffer[RANKS];
        private final FloatBuffer[] gradients = new FloatBuffer[RANKS];
        private final int[] seeds = new int[RANKS];

        Training(ScapeConfig config, ShardLayout layout, String kernelsName) {
            InProcessGroup group = new InProcessGroup(RANKS, TimeUnit.SECONDS.toNanos(20));
            for (int rank = 0; rank < RANKS; rank++) {
                seeds[rank] = rank + 1;
                parameters[rank] = FloatBuffer.allocate(LENGTH);
                gradients[rank] = FloatBuffer.allocate(LENGTH);
                states.add(new RankState(config, layout, rank, parameters[rank]));
                Kernels kernels = KernelsSelection.byName(kernelsName);
                StepListener listener = stats -> assertTrue(stats.step() > 0);
                steps.add(new ScapeStep(
                        config, layout, states.get(rank), group.collectives(rank), kernels, List.of(listener)));
            }
        }

        void run(int rank, int count) {
            for (int step = 0; step < count; step++) {
                float[] gradient = gradients[rank].array();
                int seed = seeds[rank];
                for (int i = 0; i < LENGTH; i++) {
                    seed = seed * 1664525 + 1013904223;
                    gradient[i] = (seed >> 8) * 0x1p-23f;
                }
                seeds[rank] = seed;
                steps.get(rank).run(parameters[rank], gradients[rank], 4, 1.5, RATES);
            }
        }
    }
}
