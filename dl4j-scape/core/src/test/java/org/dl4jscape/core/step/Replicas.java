package org.dl4jscape.core.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.dl4jscape.core.compute.Kernels;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.ShardLayout;

/** All ranks of one training in one JVM, without a model: parameters and gradients are given by the test. */
final class Replicas {
    final ShardLayout shards;
    final int worldSize;
    final boolean replicated;
    final List<FloatBuffer> parameters = new ArrayList<>();
    final List<RankState> states = new ArrayList<>();
    final List<ScapeStep> steps = new ArrayList<>();
    final InProcessGroup group;
    /** Factors of global clipping in the last step, by rank. */
    final double[] clipScales;

    Replicas(ScapeConfig config, ParameterLayout layout, int worldSize, float[] initial, Supplier<Kernels> kernels) {
        this.worldSize = worldSize;
        clipScales = new double[worldSize];
        replicated = config.sharding() == ShardingMode.REPLICATED;
        shards = new ShardLayout(layout, worldSize);
        group = new InProcessGroup(worldSize, TimeUnit.SECONDS.toNanos(20));
        for (int rank = 0; rank < worldSize; rank++) {
            parameters.add(FloatBuffer.wrap(initial.clone()));
            states.add(new RankState(config, shards, rank, parameters.get(rank)));
            int own = rank;
            List<StepListener> listeners = List.of(stats -> clipScales[own] = stats.clipScale());
            steps.add(
                    new ScapeStep(config, shards, states.get(rank), group.collectives(rank), kernels.get(), listeners));
        }
    }

    /** One step of all ranks; a rank of weight 0 is one without data. Returns the outcome, which must be the same of all. */
    StepOutcome step(float[][] gradients, double[] weights, LearningRates rates) {
        StepOutcome[] outcomes = new StepOutcome[worldSize];
        RankThreads.run(worldSize, rank -> {
            boolean empty = weights[rank] == 0;
            FloatBuffer gradient = empty ? null : FloatBuffer.wrap(gradients[rank]);
            outcomes[rank] = steps.get(rank).run(parameters.get(rank), gradient, weights[rank], 0, rates);
        });
        for (StepOutcome outcome : outcomes) {
            assertEquals(outcomes[0], outcome, "the outcome of all ranks");
        }
        return outcomes[0];
    }

    StepOutcome step(float[][] gradients, LearningRates rates) {
        double[] weights = new double[worldSize];
        Arrays.fill(weights, 1);
        return step(gradients, weights, rates);
    }

    /** Fails unless both have the same bits: parameters, residuals, moments, ages and the next mask of every rank. */
    void assertSameBits(Replicas other, String when) {
        for (int rank = 0; rank < worldSize; rank++) {
            assertArrayEquals(parametersOf(rank), other.parametersOf(rank), when + ": parameters of rank " + rank);
            RankState mine = states.get(rank);
            RankState theirs = other.states.get(rank);
            assertArrayEquals(mine.residual, theirs.residual, when + ": residual of rank " + rank);
        }
        assertArrayEquals(clipScales, other.clipScales, when + ": clip factors");
        assertArrayEquals(moments(), other.moments(), when + ": moments");
        assertArrayEquals(ages(), other.ages(), when + ": ages");
        assertArrayEquals(nextMask(), other.nextMask(), when + ": next mask");
    }

    /** What has not been sent yet: the mean of all residuals. */
    double pending(int coordinate) {
        double sum = 0;
        for (RankState state : states) {
            sum += state.residual[coordinate];
        }
        return sum / worldSize;
    }

    /** Adds what the last step has sent to {@code sums}; {@code mask} is the one that was in force. */
    void addSent(int[] offsets, int[] indices, double[] sums) {
        for (int rank = 0; rank < worldSize; rank++) {
            float[] means = steps.get(rank).lastMeans();
            for (int j = offsets[rank]; j < offsets[rank + 1]; j++) {
                sums[indices[j]] += means[j];
            }
        }
    }

    float[] parametersOf(int rank) {
        return parameters.get(rank).array();
    }

    /** The owners' first moments at full length. */
    float[] moments() {
        float[] all = new float[shards.parameters().length()];
        forOwned((rank, global, local) -> all[global] = states.get(rank).moment[local]);
        return all;
    }

    /** Steps since a coordinate was last sent, of the owners, at full length. */
    int[] ages() {
        int[] all = new int[shards.parameters().length()];
        forOwned((rank, global, local) -> all[global] = states.get(rank).step - states.get(rank).lastSent[local]);
        return all;
    }

    int[] nextMask() {
        List<int[]> found = new ArrayList<>();
        RankThreads.run(worldSize, rank -> {
            steps.get(rank).settledState();
        });
        var mask = states.get(0).mask();
        int[] sorted = Arrays.copyOf(mask.indices(), mask.size());
        Arrays.sort(sorted);
        found.add(sorted);
        return found.get(0);
    }

    private interface Visitor {
        void visit(int rank, int global, int local);
    }

    private void forOwned(Visitor visitor) {
        for (int rank = 0; rank < worldSize; rank++) {
            for (Piece piece : shards.pieces(rank)) {
                for (int i = piece.range().start(); i < piece.range().end(); i++) {
                    visitor.visit(rank, i, replicated ? i : i - piece.shift());
                }
            }
        }
    }
}
