package org.dl4jscape.tests.support.ranks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Some processes that do one job together. Used by one thread, which is the rendezvous while it waits. */
public final class RankGroup {
    private final List<RankProcess> ranks;
    private final UnaryOperator<String> rewriting;
    private final BlockingQueue<RankEvent> events = new LinkedBlockingQueue<>();
    private final @Nullable String[] meeting;
    private final List<String> announced = new ArrayList<>();
    private final Set<Integer> stepped = new TreeSet<>();
    private final Set<Integer> left = new TreeSet<>();
    private final Set<Integer> ended = new TreeSet<>();
    private final Map<Integer, RankOutcome> outcomes = new TreeMap<>();

    /**
     * A group that has not begun.
     *
     * @param ranks processes that do nothing, in rank order
     * @param rewriting what becomes of each line of the rendezvous before the ranks see it
     */
    public RankGroup(List<RankProcess> ranks, UnaryOperator<String> rewriting) {
        this.ranks = List.copyOf(ranks);
        this.rewriting = rewriting;
        meeting = new String[ranks.size()];
    }

    /** Lets all begin; fails when a JVM does not come up. */
    public void begin(RankJob job, Duration limit) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        for (RankProcess rank : ranks) {
            rank.awaitReady(deadlineNs);
        }
        for (int rank = 0; rank < ranks.size(); rank++) {
            ranks.get(rank).join(rank, events, job);
        }
    }

    /** Waits until every rank has done a step; fails when one ends before, or is late. */
    public void awaitFirstStep(Duration limit) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (stepped.size() < ranks.size()) {
            await("the first step of all ranks", deadlineNs);
            if (!outcomes.isEmpty() || !ended.isEmpty()) {
                throw new AssertionError("before the first step of all ranks: " + outcomes.values() + ", ended " + ended
                        + "; " + errors());
            }
        }
    }

    /**
     * Waits until every rank has told what became of it and has left.
     *
     * @param without ranks that are not waited for, because they are dead
     * @return outcomes in rank order, without those
     */
    public List<RankOutcome> awaitOutcomes(Set<Integer> without, Duration limit) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        for (int rank = 0; rank < ranks.size(); rank++) {
            while (!without.contains(rank) && !left.contains(rank)) {
                if (ended.contains(rank)) {
                    throw new AssertionError("the JVM of rank " + rank + " ended; " + errors());
                }
                await("rank " + rank + " to leave", deadlineNs);
            }
        }
        return outcomes.values().stream()
                .filter(outcome -> !without.contains(outcome.rank()))
                .toList();
    }

    /** Whether a rank has told what became of it, as far as this thread has heard. */
    public boolean hasOutcome() {
        return !outcomes.isEmpty();
    }

    /** The lines of the first meeting, as the ranks saw them; empty before it. */
    public List<String> announced() {
        return List.copyOf(announced);
    }

    /** Serves the ranks for a while. */
    public void serve(Duration time) throws InterruptedException {
        long untilNs = System.nanoTime() + time.toNanos();
        for (long wait = time.toNanos(); wait > 0; wait = untilNs - System.nanoTime()) {
            RankEvent event = events.poll(wait, TimeUnit.NANOSECONDS);
            if (event != null) {
                take(event);
            }
        }
    }

    private void await(String what, long deadlineNs) throws InterruptedException {
        RankEvent event = events.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event == null) {
            throw new AssertionError("hang: waited in vain for " + what + "; stepped " + stepped + ", left " + left
                    + ", outcomes " + outcomes.values() + "; " + errors());
        }
        take(event);
    }

    private void take(RankEvent event) {
        switch (event.kind()) {
            case "line" -> meet(event.rank(), event.fields()[1]);
            case "step" -> stepped.add(event.rank());
            case "done", "failed" -> outcomes.put(event.rank(), RankOutcome.of(event));
            case "left" -> left.add(event.rank());
            case RankEvent.ENDED -> ended.add(event.rank());
            default ->
                throw new AssertionError(
                        "rank " + event.rank() + " wrote " + Arrays.toString(event.fields()) + "; " + errors());
        }
    }

    private void meet(int rank, String line) {
        meeting[rank] = rewriting.apply(line);
        List<String> lines = new ArrayList<>();
        for (String there : meeting) {
            if (there == null) {
                return;
            }
            lines.add(there);
        }
        if (announced.isEmpty()) {
            announced.addAll(lines);
        }
        Arrays.fill(meeting, null);
        ranks.forEach(process -> process.lines(lines));
    }

    private String errors() {
        StringBuilder text = new StringBuilder();
        for (RankProcess rank : ranks) {
            String errors = rank.errors();
            text.append("errors of process ").append(rank.pid()).append(": ");
            text.append(errors.substring(Math.max(0, errors.length() - 2000)));
        }
        return text.toString();
    }
}
