package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.RankAbortedException;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/** One rank as Spark sees it: a partition goes in, one result comes out. */
final class RankTask<T> extends AbstractFunction1<Iterator<T>, Iterator<ScapeTrainingResult>> implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long POLL_MS = 20;
    /** A rank that was told of another's failure waits longer than one that found out by itself. */
    private static final long ABORTED_MS = 5000;

    private static final long LOST_MS = 2000;

    private final Broadcast<ScapeTrainingWorker> worker;

    RankTask(Broadcast<ScapeTrainingWorker> worker) {
        this.worker = worker;
    }

    @Override
    public Iterator<ScapeTrainingResult> apply(Iterator<T> partition) {
        BarrierTaskContext context = BarrierTaskContext.get();
        try {
            ScapeTrainingResult result = worker.value()
                    .trainEpoch(
                            context,
                            JavaConverters.asJavaIteratorConverter(partition).asJava());
            return JavaConverters.asScalaIteratorConverter(List.of(result).iterator())
                    .asScala();
        } catch (CollectiveException e) {
            letCauseReport(context, e);
            throw e;
        }
    }

    /**
     * Waits a little, until Spark has heard of the rank that is to blame. The first failure ends the stage, and what other
     * ranks throw after it is reported as killed: without this, a rank that only suffers would hide the one that raised.
     */
    private static void letCauseReport(BarrierTaskContext context, CollectiveException failure) {
        long patienceMs = failure instanceof RankAbortedException ? ABORTED_MS : LOST_MS;
        long startNs = System.nanoTime();
        while (!context.isInterrupted() && System.nanoTime() - startNs < TimeUnit.MILLISECONDS.toNanos(patienceMs)) {
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
