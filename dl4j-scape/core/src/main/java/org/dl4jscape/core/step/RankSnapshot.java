package org.dl4jscape.core.step;

/**
 * A copy of one rank's {@link RankState}, complete and at rest: what a checkpoint holds.
 *
 * @param rank the rank
 * @param worldSize number of ranks
 * @param step completed steps
 * @param skippedSteps steps left out because of NaN or infinity
 * @param noiseSteps gradients in the noise estimate
 * @param arrays the state's arrays
 * @param mask the mask of the next step
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the arrays are the content
public record RankSnapshot(
        int rank, int worldSize, int step, int skippedSteps, int noiseSteps, Arrays arrays, MaskCopy mask) {
    /**
     * The arrays of a rank's state.
     *
     * @param residual what has not been sent, all of d
     * @param moment first moment, shard state
     * @param lastSent step in which a coordinate was last sent, shard state
     * @param noise running mean square of the own gradient; empty without closed form
     * @param master fp32 parameters of the own shard; empty where parameters travel in fp32
     * @param sentSteps step in which a coordinate was last sent, all of d; empty without look-ahead
     */
    public record Arrays(
            float[] residual, float[] moment, int[] lastSent, float[] noise, float[] master, int[] sentSteps) {}

    /**
     * A mask.
     *
     * @param madeInStep step at whose end it was made, 0: everything
     * @param offsets worldSize + 1 positions
     * @param indices global indices, rank by rank
     * @param noise aligned with the indices
     */
    public record MaskCopy(int madeInStep, int[] offsets, int[] indices, float[] noise) {}
}
