package org.dl4jscape.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.core.config.WirePrecision;
import org.junit.jupiter.api.Test;

/** The contract, for ranks that are threads of one JVM, and what only they say so exactly. */
class InProcessCollectivesTest extends CollectivesContract {
    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) {
        InProcessGroup group = new InProcessGroup(worldSize, timeoutNs);
        List<Collectives> ranks = new ArrayList<>();
        for (int rank = 0; rank < worldSize; rank++) {
            ranks.add(group.collectives(rank));
        }
        return ranks;
    }

    private List<Collectives> three() {
        return connect(3, TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void shouldSayWhichOffsetsDiffer() throws Exception {
        onEachRank(three(), rank -> {
            int me = rank.group().rank();
            int[] offsets = {0, 2, 4, me == 2 ? 7 : 6};
            var failure = assertThrows(
                    CollectiveException.class, () -> rank.allGather(new float[7], offsets, WirePrecision.FP32));
            String sentence = String.valueOf(failure.getMessage());
            assertTrue(sentence.startsWith("all-gather of rank " + me + " has offsets [0, 2, 4, "), sentence);
            assertTrue(sentence.endsWith("; all ranks must use the same"), sentence);
        });
    }

    @Test
    void shouldSayThatBroadcastsHaveDifferentLengths() throws Exception {
        onEachRank(three(), rank -> {
            int length = rank.group().rank() == 1 ? 9 : 10;
            var failure = assertThrows(CollectiveException.class, () -> rank.broadcast(new float[length], 0));
            assertTrue(String.valueOf(failure.getMessage()).contains("broadcast of 9 values"), failure.getMessage());
        });
    }

    @Test
    void shouldSayThatARankHasLeft() throws Exception {
        onEachRank(three(), rank -> {
            if (rank.group().rank() == 1) {
                rank.close();
                return;
            }
            var failure = assertThrows(CollectiveException.class, rank::barrier);
            assertEquals(
                    "rank 1 left the group before barrier of rank "
                            + rank.group().rank() + " was complete",
                    failure.getMessage());
        });
    }

    @Test
    void shouldRefuseAGroupWithoutRanksOrDeadline() {
        assertThrows(IllegalArgumentException.class, () -> new InProcessGroup(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new InProcessGroup(0, 1));
    }
}
