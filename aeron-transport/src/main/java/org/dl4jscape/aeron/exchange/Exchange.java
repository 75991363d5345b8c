package org.dl4jscape.aeron.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CountedBytes;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.dl4jscape.core.exchange.TransportSnapshot;

/**
 * Brings one rank from its settings and its medium to collectives that have heard from all ranks; leaves nothing behind
 * if it cannot.
 */
public final class Exchange {
    private final ProcessGroup group;
    private final Rendezvous rendezvous;
    private final ExchangeContext<?> context;
    private final Medium medium;
    private final ExchangeLink link;
    private final ExchangeAgent agent;
    private final CountedBytes counters;

    private Exchange(ProcessGroup group, Rendezvous rendezvous, ExchangeContext<?> context, Medium medium) {
        this.group = group;
        this.rendezvous = rendezvous;
        this.context = context;
        this.medium = medium;
        link = new ExchangeLink(group.worldSize());
        counters = new CountedBytes(this::complete);
        agent = new ExchangeAgent(group, context, link, medium, counters);
    }

    /**
     * Connects one rank; all ranks of the group call it at about the same time.
     *
     * @param group place of this rank
     * @param rendezvous how the ranks learn each other's doors
     * @param context concluded settings
     * @param medium not opened yet; closed with the collectives, or when they cannot be made
     * @return collectives that have heard from all ranks
     * @throws CollectiveException when a rank is not heard within the deadline, or the machine lacks what is needed
     */
    public static Collectives connect(
            ProcessGroup group, Rendezvous rendezvous, ExchangeContext<?> context, Medium medium) {
        return new Exchange(group, rendezvous, context, medium).connect();
    }

    private Collectives connect() {
        ExchangeThread exchange = new ExchangeThread(group, link, agent, context);
        exchange.start();
        try {
            agent.introduce(meet());
            awaitAll();
            Arrivals arrivals = new Arrivals(group, link, context.timeoutNs(), agent::address);
            return new ExchangeCollectives(
                    group, link, arrivals, exchange, counters, medium.name(), context.algorithm());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(exchange, new CollectiveException("interrupted while " + group + " connected", e));
        } catch (CollectiveException e) {
            return giveUp(exchange, e);
        } catch (RuntimeException e) {
            return giveUp(exchange, new CollectiveException(group + " could not connect: " + e.getMessage(), e));
        } catch (Error e) {
            exchange.close();
            throw e;
        }
    }

    /** Adds what is known of the peers, from the heap alone: the medium may be closed, or its process have been stopped. */
    private TransportSnapshot complete(TransportSnapshot bytes) {
        long nowNs = System.nanoTime();
        List<TransportSnapshot.Peer> peers = new ArrayList<>();
        for (int rank = 0; rank < group.worldSize(); rank++) {
            if (rank != group.rank()) {
                peers.add(new TransportSnapshot.Peer(
                        rank,
                        agent.address(rank),
                        Math.max(0, nowNs - link.lastHeardNs.get(rank)),
                        link.hasLeft(rank),
                        medium.route(rank).refusals()));
            }
        }
        return new TransportSnapshot(
                bytes.bytesSent(), bytes.bytesReceived(), agent.droppedFrames().byName(), link.phase(), peers);
    }

    private Collectives giveUp(ExchangeThread exchange, CollectiveException reason) {
        link.abort(group.rank(), "could not connect: " + reason.getMessage());
        exchange.close();
        throw reason;
    }

    private List<String> meet() throws InterruptedException {
        String[] lines = rendezvous.allGather(announce());
        if (lines.length != group.worldSize()) {
            throw new CollectiveException("the rendezvous returned " + lines.length + " lines (expected: worldSize="
                    + group.worldSize() + ")");
        }
        return List.of(lines);
    }

    private String announce() throws InterruptedException {
        try {
            return agent.announced().get(context.connectTimeoutNs(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CollectiveException(
                    "the transport " + medium.name() + " of " + group + " did not start within "
                            + TimeUnit.NANOSECONDS.toMillis(context.connectTimeoutNs())
                            + " ms; is the machine overloaded? Otherwise raise connectTimeoutNs",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof CollectiveException refusal
                    ? new CollectiveException(String.valueOf(refusal.getMessage()), refusal)
                    : new CollectiveException(group + " cannot listen: " + cause.getMessage(), cause);
        }
    }

    private void awaitAll() throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!agent.connected().await(10, TimeUnit.MILLISECONDS)) {
            Failure failure = link.failure();
            if (failure != null) {
                throw failure.toException("connecting");
            }
            if (System.nanoTime() - beganNs > context.connectTimeoutNs()) {
                int missing = agent.firstUnconnected();
                throw new CollectiveTimeoutException(
                        missing,
                        "rank " + missing + " of " + group.worldSize() + " was not heard within "
                                + TimeUnit.NANOSECONDS.toMillis(context.connectTimeoutNs()) + " ms ("
                                + agent.address(missing) + "; frames dropped: " + agent.droppedFrames() + "); "
                                + medium.hint());
            }
        }
    }
}
