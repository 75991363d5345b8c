package org.dl4jscape.core.step;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dl4jscape.core.exchange.ByteBlocks;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.PayloadKind;

/**
 * What ranks must know of each other before a step: weights, losses, and whether every gradient is finite. One small
 * all-gather: 4 bytes step, 4 bytes count of non-finite values, 8 bytes weight, 8 bytes loss.
 */
final class GroupAgreement {
    static final int BYTES = 24;

    private final Collectives collectives;
    private final ByteBuffer own = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBlocks blocks;
    private double totalWeight;
    private double ownShare;
    private double loss;
    private int nonFinite;

    GroupAgreement(Collectives collectives) {
        this.collectives = collectives;
        blocks = new ByteBlocks(collectives.group().worldSize());
    }

    void exchange(int step, double weight, double localLoss, int localNonFinite) {
        own.clear();
        own.putInt(step).putInt(localNonFinite).putDouble(weight).putDouble(localLoss);
        collectives.allGatherAsync(PayloadKind.CONTROL, own.array(), BYTES).await(blocks);
        totalWeight = 0;
        nonFinite = 0;
        double weightedLoss = 0;
        int ranks = collectives.group().worldSize();
        for (int rank = 0; rank < ranks; rank++) {
            if (blocks.length(rank) != BYTES || blocks.intAt(rank, 0) != step) {
                throw new CollectiveException("rank " + rank + " is not at step " + step + " where rank "
                        + collectives.group().rank() + " is; all ranks must take the same steps");
            }
            nonFinite += blocks.intAt(rank, 4);
            double theirs = blocks.doubleAt(rank, 8);
            totalWeight += theirs;
            weightedLoss += theirs == 0 ? 0 : theirs * blocks.doubleAt(rank, 16);
        }
        loss = weightedLoss / totalWeight;
        ownShare = ranks * weight / totalWeight;
    }

    /** Sum of the weights of all ranks, 0 when no rank has data. */
    double totalWeight() {
        return totalWeight;
    }

    /** This rank's weight over the mean weight: 1 where all are equal. */
    double ownShare() {
        return ownShare;
    }

    /** Mean loss of all ranks by weight. */
    double loss() {
        return loss;
    }

    /** Non-finite gradient values on all ranks. */
    int nonFinite() {
        return nonFinite;
    }
}
