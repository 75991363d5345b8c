package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/** One rank as Spark sees it: a partition goes in, one result comes out. */
final class RankTask<T> extends AbstractFunction1<Iterator<T>, Iterator<ScapeTrainingResult>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Broadcast<ScapeTrainingWorker> worker;

    RankTask(Broadcast<ScapeTrainingWorker> worker) {
        this.worker = worker;
    }

    @Override
    public Iterator<ScapeTrainingResult> apply(Iterator<T> partition) {
        ScapeTrainingResult result = worker.value()
                .trainEpoch(
                        BarrierTaskContext.get(),
                        JavaConverters.asJavaIteratorConverter(partition).asJava());
        return JavaConverters.asScalaIteratorConverter(List.of(result).iterator())
                .asScala();
    }
}
