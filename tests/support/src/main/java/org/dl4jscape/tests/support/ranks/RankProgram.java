package org.dl4jscape.tests.support.ranks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.PeerLostException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.dl4jscape.core.exchange.TransportSelection;

/**
 * A rank's JVM: takes one job after the other from standard input, and tells on standard output what becomes of it. It ends
 * when its input does, so it does not outlive the test.
 *
 * <p>Lines are fields between tabs. In: {@code join rank job}, and {@code lines line...} for each {@code line}. Out: {@code
 * ready}, {@code line text}, {@code step 1}, then {@code done} or {@code failed} with the facts of {@link RankOutcome}, and
 * {@code left} when the transport is closed.
 */
public final class RankProgram {
    private final BufferedReader in;
    private final PrintStream out;

    private RankProgram(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        RankProgram program =
                new RankProgram(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
        program.tell("ready");
        String line = program.in.readLine();
        while (line != null) {
            String[] fields = line.split("\t", -1);
            program.run(Integer.parseInt(fields[1]), RankJob.parse(fields[2]));
            line = program.in.readLine();
        }
        System.exit(0);
    }

    private void run(int rank, RankJob job) {
        CollectivesOptions options = new CollectivesOptions(
                TimeUnit.MILLISECONDS.toNanos(job.timeoutMs()), job.bindAddress(), job.properties());
        ProcessGroup group = new ProcessGroup(rank, job.worldSize(), job.generation());
        Rendezvous parent = this::meet;
        try (Collectives collectives =
                TransportSelection.byName(job.transport()).connect(group, parent, options)) {
            train(job, rank, collectives);
        } catch (CollectiveException e) {
            tellFailure(e, 0, "none", new long[0]);
        } catch (RuntimeException e) {
            e.printStackTrace();
            tellFailure(e, 0, "none", new long[0]);
        }
        tell("left");
    }

    private void train(RankJob job, int rank, Collectives collectives) {
        SyntheticTraining training = new SyntheticTraining(job, rank, collectives, List.of());
        long[] stepNs = new long[job.steps()];
        try {
            for (int i = 0; i < job.steps(); i++) {
                long beganNs = System.nanoTime();
                training.run();
                stepNs[i] = System.nanoTime() - beganNs;
                if (i == 0) {
                    tell("step", "1");
                }
                rest(job.pauseUs() + (rank == job.slowRank() ? job.slowUs() : 0));
            }
            collectives.barrier();
            tell("done", facts(training.completed(), training.sha256(), stepNs));
        } catch (RuntimeException e) {
            tellFailure(e, training.completed(), training.sha256(), stepNs);
            collectives.abort(String.valueOf(e.getMessage()));
        }
    }

    private static void rest(long us) {
        long untilNs = System.nanoTime() + 1000 * us;
        for (long wait = 1000 * us; wait > 0; wait = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }

    private static String facts(int steps, String sha256, long[] stepNs) {
        long[] sorted = Arrays.copyOf(stepNs, steps);
        Arrays.sort(sorted);
        long p50 = steps == 0 ? 0 : sorted[steps / 2];
        long p95 = steps == 0 ? 0 : sorted[(int) (steps * 0.95)];
        return steps + "\t" + sha256 + "\t" + p50 + "\t" + p95;
    }

    private void tellFailure(RuntimeException e, int steps, String sha256, long[] stepNs) {
        String phase = e instanceof PeerLostException lost ? lost.phase() : "";
        tell(
                "failed",
                facts(steps, sha256, stepNs),
                e.getClass().getSimpleName(),
                phase,
                String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    }

    private String[] meet(String line) {
        tell("line", line);
        try {
            String answer = in.readLine();
            if (answer == null || !answer.startsWith("lines\t")) {
                throw new CollectiveException("the parent ended the meeting: " + answer);
            }
            return answer.substring("lines\t".length()).split("\t", -1);
        } catch (IOException e) {
            throw new CollectiveException("the parent cannot be read", e);
        }
    }

    private void tell(String... fields) {
        out.println(String.join("\t", fields));
        out.flush();
    }
}
