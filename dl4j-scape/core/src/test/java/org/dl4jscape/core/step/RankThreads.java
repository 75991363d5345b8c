package org.dl4jscape.core.step;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same work on every rank, a thread each, and hands the first failure to the test. */
public final class RankThreads {
    private RankThreads() {}

    /** The work of one rank. */
    @FunctionalInterface
    public interface RankWork {
        /** Does it. */
        void run(int rank) throws Exception;
    }

    /** Runs and waits. */
    public static void run(int worldSize, RankWork work) {
        ExecutorService pool = Executors.newFixedThreadPool(worldSize);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int rank = 0; rank < worldSize; rank++) {
                int own = rank;
                results.add(pool.submit(() -> {
                    work.run(own);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            pool.shutdownNow();
        }
    }
}
