package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step says about itself, and what is said before training about the bytes that it will send. */
class StepStatsTest {
    private static final int LENGTH = 4000;
    private static final int RANKS = 2;

    /** What a listener copies of a step. */
    private record Seen(
            int step,
            int masked,
            double density,
            double overlap,
            int maskAge,
            double loss,
            double weight,
            double updateNorm,
            double residualNorm,
            double momentNorm,
            double everSent,
            long values,
            long mask,
            long control,
            double change,
            double residual,
            double moment) {}

    private static List<List<Seen>> train(ScapeConfig config, ShardLayout layout, int steps) {
        InProcessGroup group = new InProcessGroup(RANKS, TimeUnit.SECONDS.toNanos(20));
        List<List<Seen>> all = new ArrayList<>();
        for (int rank = 0; rank < RANKS; rank++) {
            all.add(new ArrayList<>());
        }
        RankThreads.run(RANKS, rank -> {
            FloatBuffer parameters = FloatBuffer.allocate(LENGTH);
            float[] before = new float[LENGTH];
            RankState state = new RankState(config, layout, rank, parameters);
            StepListener listener = s -> all.get(rank)
                    .add(new Seen(
                            s.step(),
                            s.maskedCount(),
                            s.density(),
                            s.maskOverlap(),
                            s.maskAge(),
                            s.loss(),
                            s.totalWeight(),
                            s.updateNorm(),
                            s.residualNorm(),
                            s.momentNorm(),
                            s.everSentShare(),
                            s.bytesSent(PayloadKind.VALUES),
                            s.bytesSent(PayloadKind.MASK),
                            s.bytesSent(PayloadKind.CONTROL),
                            distance(before, parameters.array()),
                            distance(new float[LENGTH], state.residual),
                            distance(new float[state.moment.length], state.moment)));
            ScapeStep step = new ScapeStep(
                    config, layout, state, group.collectives(rank), new VectorKernels(), List.of(listener));
            for (int i = 1; i <= steps; i++) {
                System.arraycopy(parameters.array(), 0, before, 0, LENGTH);
                float[][] gradients = Gradients.noisy(i, RANKS, LENGTH);
                step.run(
                        parameters,
                        FloatBuffer.wrap(gradients[rank]),
                        3 + rank,
                        2 * rank,
                        LearningRates.constant(0.01));
            }
        });
        return all;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static ShardLayout uniform(ScapeConfig config) {
        return new ShardLayout(ParameterLayout.uniform(LENGTH, config.optimizer()), RANKS);
    }

    @Test
    void shouldMeasureNormsInTheStepsOfTheInterval() {
        ScapeConfig config = ScapeConfig.builder()
                .density(0.05)
                .warmupSteps(2)
                .statisticsInterval(3)
                .build();
        for (List<Seen> ofRank : train(config, uniform(config), 12)) {
            for (Seen seen : ofRank) {
                boolean due = seen.step % 3 == 0;
                assertEquals(due ? seen.change : Double.NaN, seen.updateNorm, 1e-6, "update norm in " + seen.step);
                assertEquals(due ? seen.residual : Double.NaN, seen.residualNorm, 1e-6, "residual in " + seen.step);
                assertEquals(due ? seen.moment : Double.NaN, seen.momentNorm, 1e-6, "moment in " + seen.step);
                assertEquals(due, seen.everSent >= 0, "share ever sent in " + seen.step);
            }
        }
    }

    @Test
    void shouldSayTheSameUpdateNormOnEveryRankAndInBothLayouts() {
        ScapeConfig sharded = ScapeConfig.builder()
                .density(0.05)
                .warmupSteps(2)
                .statisticsInterval(1)
                .build();
        ScapeConfig replicated =
                sharded.toBuilder().sharding(ShardingMode.REPLICATED).build();
        List<List<Seen>> first = train(sharded, uniform(sharded), 10);
        List<List<Seen>> second = train(replicated, uniform(replicated), 10);
        for (int i = 0; i < 10; i++) {
            double norm = first.get(0).get(i).updateNorm;
            assertTrue(norm > 0);
            assertEquals(norm, first.get(1).get(i).updateNorm);
            assertEquals(norm, second.get(0).get(i).updateNorm);
        }
    }

    @Test
    void shouldTellMaskAgeOverlapDensityLossAndWeight() {
        ScapeConfig config = ScapeConfig.builder()
                .density(0.05)
                .warmupSteps(2)
                .catchUp(CatchUp.capped(4))
                .maskRefreshInterval(3)
                .statisticsInterval(1)
                .build();
        double sentBefore = 0;
        for (Seen seen : train(config, uniform(config), 14).get(1)) {
            boolean dense = seen.step <= 2;
            assertEquals(dense ? 0 : 1 + (seen.step - 3) % 3, seen.maskAge, "mask age in step " + seen.step);
            assertEquals(dense ? LENGTH : 200, seen.masked);
            assertEquals(seen.masked / (double) LENGTH, seen.density);
            assertEquals(4.0 * 2 / 7, seen.loss, 1e-12);
            assertEquals(7, seen.weight);
            assertTrue(seen.overlap >= 0 && seen.overlap <= 1);
            assertTrue(seen.everSent >= sentBefore, "the share ever sent never falls");
            sentBefore = seen.everSent;
        }
        assertTrue(sentBefore > 0.05 && sentBefore <= 0.25, "after four masks: " + sentBefore);
    }

    static List<Arguments> bytes() {
        List<Arguments> all = new ArrayList<>();
        for (double density : new double[] {0.01, 0.1, 1}) {
            ScapeConfig.Builder base = ScapeConfig.builder().density(density).warmupSteps(2);
            all.add(Arguments.of("plain " + density, base));
        }
        ScapeConfig base = ScapeConfig.builder().density(0.05).warmupSteps(2).build();
        all.add(Arguments.of("replicated", base.toBuilder().sharding(ShardingMode.REPLICATED)));
        all.add(Arguments.of(
                "replicated, bf16 noise",
                base.toBuilder().sharding(ShardingMode.REPLICATED).noisePrecision(WirePrecision.BF16)));
        all.add(Arguments.of(
                "rounded",
                base.toBuilder().gradientPrecision(WirePrecision.BF16).parameterPrecision(WirePrecision.FP16)));
        all.add(Arguments.of("clipped", base.toBuilder().globalClipNorm(1)));
        all.add(Arguments.of(
                "refresh 4", base.toBuilder().catchUp(CatchUp.none()).maskRefreshInterval(4)));
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytes")
    void shouldForeseeTheBytesThatAreSent(String name, ScapeConfig.Builder builder) {
        ScapeConfig config = builder.build();
        for (ShardLayout layout :
                List.of(uniform(config), new ShardLayout(Layouts.ofAllRoles(LENGTH / 8, 8, 1500, 2500), RANKS))) {
            ExpectedBytes expected = ExpectedBytes.of(config, layout);
            double values = 0;
            double mask = 0;
            double control = 0;
            for (List<Seen> ofRank : train(config, layout, 18)) {
                for (Seen seen : ofRank.subList(6, 18)) {
                    values += seen.values / 12.0 / RANKS;
                    mask += seen.mask / 12.0 / RANKS;
                    control += seen.control / 12.0 / RANKS;
                    assertEquals(expected.sent(), seen.masked);
                }
            }
            assertEquals(expected.values(), values, 1e-9, name + ": values");
            assertEquals(expected.control(), control, 1e-9, name + ": control");
            boolean runs = layout.parameters().blocks().size() > 1;
            assertTrue(mask <= 1.08 * expected.mask() + 4, name + ": mask " + mask + " of " + expected.mask());
            assertTrue(runs || mask >= 0.9 * expected.mask() - 4, name + ": mask " + mask + " of " + expected.mask());
            assertEquals(values + expected.mask() + control, expected.total(), 1e-9);
        }
    }

    @Test
    void shouldGiveTheNumbersOfTheDescription() {
        ScapeConfig ninety = ScapeConfig.builder().density(0.1).build();
        ShardLayout layout = new ShardLayout(ParameterLayout.uniform(3_000_000, ninety.optimizer()), 4);
        ExpectedBytes tenth = ExpectedBytes.of(ninety, layout);
        assertEquals(18e6, tenth.dense(), 1);
        assertEquals(1.80e6, tenth.values(), 1);
        assertEquals(0.13e6, tenth.mask(), 0.006e6);
        ExpectedBytes hundredth =
                ExpectedBytes.of(ninety.toBuilder().density(0.01).build(), layout);
        assertEquals(0.18e6, hundredth.values(), 1);
        assertEquals(0.023e6, hundredth.mask(), 0.001e6);
        assertEquals(
                "4 ranks, 30000 of 3000000 parameters a step (density 0.01): 203.0 kB a rank and step, 1.1 % of dense"
                        + " 18.00 MB (values 180.0 kB, mask 23.0 kB, control 72 B)",
                hundredth.describe());
        ExpectedBytes warmup = ExpectedBytes.atDensity(1, ninety, layout);
        assertEquals(18e6, warmup.values(), 1);
        assertEquals(0, warmup.mask());
    }

    @Test
    void shouldSendNothingAlone() {
        ScapeConfig config = ScapeConfig.builder().build();
        ExpectedBytes alone =
                ExpectedBytes.of(config, new ShardLayout(ParameterLayout.uniform(100, config.optimizer()), 1));
        assertEquals(0, alone.total());
        assertEquals(0, alone.dense());
        assertEquals(1, alone.ratio());
        assertEquals(DensitySchedule.count(0.01, 100), alone.sent());
    }

    @Test
    void shouldTimeEveryPhaseOfAStep() {
        StepStats stats = new StepStats();
        stats.begin();
        long sum = 0;
        Random random = new Random(1);
        for (StepPhase phase : StepPhase.values()) {
            double[] work = random.doubles(2000).toArray();
            assertTrue(Arrays.stream(work).sum() > 0);
            stats.mark(phase);
            assertTrue(stats.nanos(phase) > 0, phase + " took time");
            sum += stats.nanos(phase);
        }
        assertTrue(sum > 0);
        stats.begin();
        assertEquals(0, stats.nanos(StepPhase.UPDATE), "a new step starts at zero");
    }
}
