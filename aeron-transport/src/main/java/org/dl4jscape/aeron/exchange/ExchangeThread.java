package org.dl4jscape.aeron.exchange;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.AgentRunner;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of an {@link ExchangeAgent}, from start to end, and the promise that nothing of it stays behind: when the
 * JVM is told to stop (Ctrl-C), the peers are told too and what the medium left on the machine is deleted.
 */
final class ExchangeThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeThread.class);
    private static final long SHUTDOWN_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERRUPTED_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

    private final ProcessGroup group;
    private final ExchangeLink link;
    private final ExchangeAgent agent;
    private final long timeoutNs;
    private final AgentRunner runner;
    private final Thread shutdownHook;
    private final AtomicBoolean closed = new AtomicBoolean();

    ExchangeThread(ProcessGroup group, ExchangeLink link, ExchangeAgent agent, ExchangeContext<?> context) {
        this.group = group;
        this.link = link;
        this.agent = agent;
        this.timeoutNs = context.timeoutNs();
        runner = new AgentRunner(
                new ExchangeIdleStrategy(agent::isAttentive, context.maxParkNs()),
                error -> link.fail(Failure.other("the exchange thread of " + group + " failed: " + error, error)),
                null,
                agent);
        shutdownHook = new Thread(this::onJvmShutdown, agent.roleName() + "-shutdown");
    }

    void start() {
        try {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            throw new CollectiveException(group + " does not connect: the JVM is shutting down", e);
        }
        AgentRunner.startOnThread(runner, task -> {
            Thread thread = new Thread(task, agent.roleName());
            thread.setDaemon(true);
            return thread;
        });
    }

    boolean isClosed() {
        return closed.get();
    }

    DroppedFrames droppedFrames() {
        return agent.droppedFrames();
    }

    /** Leaves the group, stops the thread and closes the medium; an interrupt shortens the farewell to a second. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        depart(timeoutNs);
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            shutdownHook.setName(agent.roleName() + "-shutdown-after-close");
        }
    }

    /** May be run by the training thread and at JVM shutdown at once; each returns when all is closed. */
    private void depart(long limitNs) {
        link.leave();
        boolean interrupted = !awaits(agent.departed(), limitNs);
        if (interrupted) {
            awaits(agent.departed(), INTERRUPTED_LIMIT_NS);
        }
        runner.close();
        interrupted |= !awaits(agent.ended(), CLOSE_LIMIT_NS);
        if (interrupted) {
            awaits(agent.ended(), CLOSE_LIMIT_NS);
            Thread.currentThread().interrupt();
        }
    }

    /** False when it was interrupted; the interrupt is cleared then. */
    private static boolean awaits(CountDownLatch latch, long limitNs) {
        try {
            if (!latch.await(limitNs, TimeUnit.NANOSECONDS)) {
                LOG.warn("waited {} ms for the exchange thread in vain", TimeUnit.NANOSECONDS.toMillis(limitNs));
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void onJvmShutdown() {
        link.abort(group.rank(), "the JVM of " + group + " was told to stop");
        depart(SHUTDOWN_LIMIT_NS);
    }
}
