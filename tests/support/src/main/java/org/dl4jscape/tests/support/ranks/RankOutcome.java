package org.dl4jscape.tests.support.ranks;

/**
 * What became of one rank.
 *
 * @param rank which
 * @param failure simple name of the exception; empty when it did all steps
 * @param phase what it did when it found out, where the exception says so
 * @param message of the exception
 * @param steps that returned
 * @param sha256 of the parameters at the end
 * @param p50Ns median time of a step
 * @param p95Ns time below which 95 % of the steps stay
 * @param atNs when the parent heard of it, {@link System#nanoTime} of the parent
 */
public record RankOutcome(
        int rank,
        String failure,
        String phase,
        String message,
        int steps,
        String sha256,
        long p50Ns,
        long p95Ns,
        long atNs) {
    /** Whether all steps were done. */
    public boolean isDone() {
        return failure.isEmpty();
    }

    static RankOutcome of(RankEvent event) {
        String[] fields = event.fields();
        boolean failed = fields[0].equals("failed");
        return new RankOutcome(
                event.rank(),
                failed ? fields[5] : "",
                failed ? fields[6] : "",
                failed ? fields[7] : "",
                Integer.parseInt(fields[1]),
                fields[2],
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                event.atNs());
    }
}
