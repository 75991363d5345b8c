package org.dl4jscape.aeron;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/** Brings one rank from its settings to collectives that have heard from all; leaves nothing behind if it cannot. */
final class Connector {
    private final ProcessGroup group;
    private final Rendezvous rendezvous;
    private final AeronTransport.Context context;

    Connector(ProcessGroup group, Rendezvous rendezvous, AeronTransport.Context context) {
        this.group = group;
        this.rendezvous = rendezvous;
        this.context = context;
    }

    Collectives connect() {
        int receiveBufferLength = 0;
        if (group.worldSize() > 1) {
            MachineCheck machine = new MachineCheck(context);
            machine.address();
            machine.sharedMemory(group.worldSize());
            receiveBufferLength = machine.socketReceiveBuffer();
        }
        ExchangeLink link = new ExchangeLink(group.worldSize());
        ByteCounters counters = new ByteCounters();
        ExchangeAgent agent = new ExchangeAgent(group, context, link, counters, receiveBufferLength);
        ExchangeThread exchange = new ExchangeThread(group, link, agent, context);
        exchange.start();
        try {
            List<RankEndpoint> endpoints = meet(agent);
            agent.introduce(endpoints);
            awaitAll(agent, link, endpoints);
            Arrivals arrivals = new Arrivals(group, link, context.timeoutNs(), endpoints);
            return new AeronCollectives(group, link, arrivals, exchange, counters);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(exchange, link, new CollectiveException("interrupted while " + group + " connected", e));
        } catch (CollectiveException e) {
            return giveUp(exchange, link, e);
        } catch (RuntimeException e) {
            return giveUp(exchange, link, new CollectiveException(group + " could not connect: " + e.getMessage(), e));
        }
    }

    private Collectives giveUp(ExchangeThread exchange, ExchangeLink link, CollectiveException reason) {
        link.abort(group.rank(), "could not connect: " + reason.getMessage());
        exchange.close();
        throw reason;
    }

    private List<RankEndpoint> meet(ExchangeAgent agent) throws InterruptedException {
        String[] lines = rendezvous.allGather(announce(agent).toLine());
        if (lines.length != group.worldSize()) {
            throw new CollectiveException("the rendezvous returned " + lines.length + " lines (expected: worldSize="
                    + group.worldSize() + ")");
        }
        List<RankEndpoint> endpoints = new ArrayList<>();
        for (int rank = 0; rank < lines.length; rank++) {
            endpoints.add(RankEndpoint.parse(lines[rank], rank, group, context.mtuLength()));
        }
        return endpoints;
    }

    private RankEndpoint announce(ExchangeAgent agent) throws InterruptedException {
        try {
            return agent.announced().get(context.timeoutNs(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CollectiveException(
                    "the media driver of " + group + " did not start within "
                            + TimeUnit.NANOSECONDS.toMillis(context.timeoutNs()) + " ms",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CollectiveException(group + " cannot listen: " + cause.getMessage(), cause);
        }
    }

    private void awaitAll(ExchangeAgent agent, ExchangeLink link, List<RankEndpoint> endpoints)
            throws InterruptedException {
        long deadlineNs = System.nanoTime() + context.timeoutNs();
        while (!agent.connected().await(10, TimeUnit.MILLISECONDS)) {
            Failure failure = link.failure();
            if (failure != null) {
                throw failure.toException();
            }
            if (System.nanoTime() - deadlineNs > 0) {
                int missing = agent.firstUnconnected();
                throw new CollectiveTimeoutException(
                        missing,
                        "rank " + missing + " of " + group.worldSize() + " was not heard within "
                                + TimeUnit.NANOSECONDS.toMillis(context.timeoutNs()) + " ms ("
                                + endpoints.get(missing).host() + "); is UDP allowed between the ranks?");
            }
        }
    }
}
