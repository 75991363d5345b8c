package org.dl4jscape.tests.support.ranks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.InProcessGroup;
import org.dl4jscape.core.layout.ParameterLayout;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.step.LearningRates;
import org.dl4jscape.core.step.RankState;
import org.dl4jscape.core.step.ScapeStep;
import org.dl4jscape.core.step.StepListener;

/**
 * Steps of SCAPE without a network: the gradient is a hash of seed, rank, step and index, and grows with the parameter, so
 * that one wrong bit stays visible. Belongs to the training thread of one rank.
 */
public final class SyntheticTraining {
    private static final float PULL = 0.1f;

    private final RankJob job;
    private final int rank;
    private final FloatBuffer parameters;
    private final FloatBuffer gradient;
    private final ScapeStep step;
    private final LearningRates rates = LearningRates.constant(1e-3);
    private int completed;

    /** For one rank that is connected. */
    public SyntheticTraining(RankJob job, int rank, Collectives collectives, List<StepListener> listeners) {
        this.job = job;
        this.rank = rank;
        parameters = buffer(job.parameters());
        gradient = buffer(job.parameters());
        for (int i = 0; i < job.parameters(); i++) {
            parameters.put(i, noise(job.seed(), i));
        }
        ScapeConfig config =
                ScapeConfig.builder().density(job.density()).warmupSteps(2).build();
        ShardLayout layout =
                new ShardLayout(ParameterLayout.uniform(job.parameters(), AdamSConfig.defaults()), job.worldSize());
        RankState state = new RankState(config, layout, rank, parameters);
        step = new ScapeStep(config, layout, state, collectives, KernelsSelection.byName("reference"), listeners);
    }

    private static FloatBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(Float.BYTES * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** The mixing function of SplitMix64, as a value in [-0.5, 0.5). */
    private static float noise(long seed, long counter) {
        long z = seed + 0x9E3779B97F4A7C15L * (counter + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 40) * 0x1p-24f - 0.5f;
    }

    /** One step. */
    public void run() {
        long base = job.seed() * 31 + (long) rank * 7_919 + (long) completed * 104_729;
        for (int i = 0; i < job.parameters(); i++) {
            gradient.put(i, noise(base, i) + PULL * parameters.get(i));
        }
        step.run(parameters, gradient, 1, 0, rates);
        completed++;
    }

    /** Steps that returned. */
    public int completed() {
        return completed;
    }

    /** SHA-256 of the parameters as they are. */
    public String sha256() {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * job.parameters()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < job.parameters(); i++) {
            bytes.putFloat(parameters.get(i));
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * What the parameters are after each step when nothing goes wrong, by threads of this JVM.
     *
     * @return digests; index 0 before the first step
     */
    public static List<String> faultFree(RankJob job) throws InterruptedException {
        InProcessGroup group = new InProcessGroup(job.worldSize(), TimeUnit.SECONDS.toNanos(60));
        List<String> digests = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int rank = 0; rank < job.worldSize(); rank++) {
            SyntheticTraining training = new SyntheticTraining(job, rank, group.collectives(rank), List.of());
            boolean recorded = rank == 0;
            Thread thread = new Thread(() -> {
                for (int i = 0; i <= job.steps(); i++) {
                    if (recorded) {
                        digests.add(training.sha256());
                    }
                    if (i < job.steps()) {
                        training.run();
                    }
                }
            });
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (digests.size() != job.steps() + 1) {
            throw new IllegalStateException(digests.size() + " digests (expected: " + (job.steps() + 1) + ")");
        }
        return List.copyOf(digests);
    }
}
