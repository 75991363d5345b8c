package org.dl4jscape.spark;

import org.apache.spark.BarrierTaskContext;
import org.dl4jscape.core.exchange.Rendezvous;

/** The meeting of the tasks of a barrier stage; about one second a call; its deadline is spark.barrier.sync.timeout. */
final class BarrierRendezvous implements Rendezvous {
    private final BarrierTaskContext context;

    BarrierRendezvous(BarrierTaskContext context) {
        this.context = context;
    }

    @Override
    public String[] allGather(String line) {
        return context.allGather(line);
    }
}
