package org.dl4jscape.tests.benchmarks.rig;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one job gave. What does not apply is left out.
 *
 * @param part of the rig
 * @param network {@code loopback}, or the rate of the links
 * @param ranks processes
 * @param bytes of the whole array in fp32, or of one block
 * @param subject what ran
 * @param medianMs of a round, of the slowest rank
 * @param p99Ms of a round
 * @param overBound median time over the time that the bytes of the bound need, 2(N-1)/N times the array at the rate of the link
 * @param bytesOverBound bytes that left the interface of the busiest rank, over those of the bound
 * @param ofPlainTcp time of the plain TCP ring with the same bytes in the same part over this time
 * @param processorShare processor time of the busiest rank over the time of a round
 * @param maskOverValues bytes of masks over bytes of values that a rank gave to the transport
 * @param loadBefore load average of the machine before the part began: above its cores, times are inflated
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measurement(
        String part,
        String network,
        int ranks,
        int bytes,
        String subject,
        double medianMs,
        double p99Ms,
        @Nullable Double overBound,
        @Nullable Double bytesOverBound,
        @Nullable Double ofPlainTcp,
        @Nullable Double processorShare,
        @Nullable Double maskOverValues,
        @Nullable Double loadBefore) {
    static double rounded(double value) {
        return value == 0 ? 0 : Double.parseDouble(String.format(java.util.Locale.ROOT, "%.4g", value));
    }
}
