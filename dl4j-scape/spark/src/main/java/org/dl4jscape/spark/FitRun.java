package org.dl4jscape.spark;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/**
 * One fit: a barrier stage, and again from the newest complete checkpoint where a rank was lost. On the driver.
 *
 * <p>What a rank raises ends the fit at once. The data is dealt anew for every run, since what was dealt may be lost with the
 * executor.
 */
final class FitRun {
    private static final Logger LOG = LoggerFactory.getLogger(FitRun.class);

    private final DriverNetwork network;
    private final Fits fits;
    private final RankPlan plan;
    private final Restarts restarts;
    private final SparkContext context;

    FitRun(DriverNetwork network, Fits fits, RankPlan plan, Restarts restarts) {
        this.network = network;
        this.fits = fits;
        this.plan = plan;
        this.restarts = restarts;
        context = network.context().sc();
    }

    /**
     * What each rank handed back, in rank order; all have the same parameters.
     *
     * @param dealt the data of the fit, one partition a rank; called for every run
     */
    ScapeTrainingResult[] run(Supplier<? extends JavaRDD<?>> dealt) {
        FitStart start = fits.start(network, 0);
        int restart = 0;
        while (true) {
            JavaRDD<?> data = dealt.get();
            ScapeTrainingWorker worker = new ScapeTrainingWorker(start, plan);
            try (StageTasks tasks = new StageTasks(context)) {
                ScapeTrainingResult[] results;
                try {
                    results = stage(data, worker);
                } catch (Exception e) {
                    if (!mayRestart(tasks, restart, e)) {
                        throw e;
                    }
                    results = new ScapeTrainingResult[0];
                }
                if (results.length > 0) {
                    requireEqualReplicas(results);
                    return results;
                }
            }
            restart++;
            restarts.awaitSlots(context, plan.ranks());
            start = fits.again(network, plan.config().toConfig(), plan.ranks(), restart);
            LOG.info("fit {} goes on at iteration {}", fits.next(), start.iterationCount());
        }
    }

    private boolean mayRestart(StageTasks tasks, int before, Exception failure) {
        if (restarts.most() == 0 || !tasks.lost(restarts.timeoutNs())) {
            return false;
        }
        if (before == restarts.most()) {
            failure.addSuppressed(new IllegalStateException(
                    "fit " + fits.next() + " lost ranks again after maxRestarts=" + restarts.most() + " restarts"));
            return false;
        }
        LOG.warn("fit {} lost ranks; restart {} of {}", fits.next(), before + 1, restarts.most(), failure);
        return true;
    }

    private <T> ScapeTrainingResult[] stage(JavaRDD<T> dealt, ScapeTrainingWorker worker) {
        Broadcast<ScapeTrainingWorker> broadcast = network.context().broadcast(worker);
        try {
            Object collected = dealt.rdd()
                    .barrier()
                    .mapPartitions(new RankTask<>(broadcast), false, ClassTag$.MODULE$.apply(ScapeTrainingResult.class))
                    .collect();
            ScapeTrainingResult[] results = (ScapeTrainingResult[]) collected;
            Arrays.sort(results, Comparator.comparingInt(ScapeTrainingResult::rank));
            return results;
        } finally {
            broadcast.destroy();
        }
    }

    private static void requireEqualReplicas(ScapeTrainingResult[] results) {
        for (ScapeTrainingResult result : results) {
            if (!result.parametersSha256().equals(results[0].parametersSha256())) {
                throw new IllegalStateException("the replica of rank " + result.rank() + " (SHA-256 "
                        + result.parametersSha256() + ") differs from that of rank 0 (" + results[0].parametersSha256()
                        + "); the driver's network was left as it was");
            }
        }
    }
}
