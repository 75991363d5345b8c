package org.dl4jscape.core.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ShardLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTest {
    private static Mask of(int[]... parts) {
        Mask mask = new Mask(parts.length);
        int at = 0;
        for (int rank = 0; rank < parts.length; rank++) {
            mask.ensureCapacity(at + parts[rank].length);
            System.arraycopy(parts[rank], 0, mask.indices(), at, parts[rank].length);
            at += parts[rank].length;
            mask.setEnd(rank, at);
        }
        return mask;
    }

    @Test
    void shouldHoldEverythingThatIsTrainableRankByRank() {
        ShardLayout layout = new ShardLayout(Layouts.ofAllRoles(5, 4, 12, 8), 2);
        Mask everything = Mask.everything(layout);
        assertEquals(15, everything.size());
        assertArrayEquals(new int[] {0, 9, 15}, everything.offsets());
        assertArrayEquals(
                new int[] {0, 1, 2, 3, 4, 5, 12, 13, 14, 6, 7, 8, 9, 10, 11}, Arrays.copyOf(everything.indices(), 15));
        assertEquals(0, everything.madeInStep());
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 3, 0", "0, 4, 1", "0, 8, 2", "0, 100, 3", "1, 0, 3", "1, 21, 4", "1, 99, 5"})
    void shouldFindTheFirstPositionAtOrAboveAnIndex(int rank, int index, int position) {
        Mask mask = of(new int[] {3, 7, 9}, new int[] {20, 30});
        assertEquals(position, mask.lowerBound(rank, index));
    }

    @Test
    void shouldMeasureTheShareThatWasThereBefore() {
        Mask mask = of(new int[] {3, 7, 9}, new int[] {20});
        assertEquals(1, mask.overlap(mask));
        assertEquals(0.5, mask.overlap(of(new int[] {3, 8}, new int[] {20, 21, 22})));
        assertEquals(0, mask.overlap(of(new int[] {4}, new int[] {})));
        assertEquals(0, of(new int[] {}, new int[] {}).overlap(mask));
    }

    @Test
    void shouldKeepItsContentWhenItGrows() {
        Mask mask = of(new int[] {3, 7, 9});
        mask.noise()[1] = 4;
        mask.ensureCapacity(1000);
        assertEquals(7, mask.indices()[1]);
        assertEquals(4, mask.noise()[1]);
        int[] grown = mask.indices();
        mask.ensureCapacity(5);
        assertEquals(grown, mask.indices(), "it never shrinks");
    }
}
