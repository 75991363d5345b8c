package org.dl4jscape.tests.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table. What does not apply is left out.
 *
 * @param question what was asked
 * @param benchmark name of the measured method
 * @param kernels name of the kernels
 * @param input what the values looked like
 * @param size number of parameters
 * @param density fraction sent, selected or updated
 * @param ratioToCopy median over the rounds of time / time of the baseline in the same round
 * @param ratioMin smallest over the rounds
 * @param ratioMax largest over the rounds
 * @param limitRatio what the ratio would be if the bytes that this algorithm must move went at the speed of the copy
 * @param nsPerElement median time over {@code size}, to see whether it is linear; not a claim about speed
 * @param allocatedBytesPerOp median of what an operation allocates; below some tens of bytes it is JMH's own
 * @param encodedBytes size of the encoded mask
 * @param entropyRatio encoded bytes over the entropy bound, size * H(density) / 8
 * @param form how the codec wrote the first block
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Row(
        String question,
        String benchmark,
        @Nullable String kernels,
        @Nullable String input,
        long size,
        double density,
        double ratioToCopy,
        double ratioMin,
        double ratioMax,
        @Nullable Double limitRatio,
        double nsPerElement,
        @Nullable Double allocatedBytesPerOp,
        @Nullable Integer encodedBytes,
        @Nullable Double entropyRatio,
        @Nullable String form) {}
