package org.dl4jscape.core.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.dl4jscape.core.config.AdamSConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterLayoutTest {
    private static final ParameterBlock FIRST = Layouts.block("layer0_W", 0, 10, BlockRole.SPARSE);
    private static final ParameterBlock SECOND = Layouts.block("layer0_b", 10, 12, BlockRole.DENSE);

    @Test
    void shouldPutAllBlocksIntoOneBucketUnlessTold() {
        ParameterLayout layout = ParameterLayout.of(List.of(FIRST, SECOND));
        assertEquals(12, layout.length());
        assertEquals(1, layout.bucketCount());
        assertEquals(12, layout.bucketLength(0));
    }

    @Test
    void shouldHoldNoParametersToo() {
        assertEquals(0, ParameterLayout.of(List.of()).length());
    }

    @Test
    void shouldNameTheBlockThatLeavesAGap() {
        ParameterBlock late = Layouts.block("layer1_W", 13, 20, BlockRole.SPARSE);
        var refused =
                assertThrows(IllegalArgumentException.class, () -> ParameterLayout.of(List.of(FIRST, SECOND, late)));
        assertEquals(
                "block layer1_W starts at 13 (expected: 12, the end of the block before it)", refused.getMessage());
    }

    @Test
    void shouldRefuseBucketsOfAnotherSum() {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> ParameterLayout.of(List.of(FIRST, SECOND), 7, 6));
        assertEquals("buckets hold 13 parameters (expected: 12, the parameters of all blocks)", refused.getMessage());
    }

    @Test
    void shouldRefuseABucketBelowZero() {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> ParameterLayout.of(List.of(FIRST, SECOND), 14, -2));
        assertEquals("a bucket holds -2 parameters (expected: >= 0)", refused.getMessage());
    }

    @Test
    void shouldChangeItsFingerprintWithEveryPart() {
        long fingerprint = ParameterLayout.of(List.of(FIRST, SECOND)).fingerprint();
        assertEquals(fingerprint, ParameterLayout.of(List.of(FIRST, SECOND), 12).fingerprint());
        assertNotEquals(
                fingerprint, ParameterLayout.of(List.of(FIRST, SECOND), 6, 6).fingerprint());
        assertNotEquals(fingerprint, other("layer0_c", BlockRole.DENSE, AdamSConfig.defaults()));
        assertNotEquals(fingerprint, other("layer0_b", BlockRole.SPARSE, AdamSConfig.defaults()));
        assertNotEquals(
                fingerprint,
                other("layer0_b", BlockRole.DENSE, AdamSConfig.defaults().withWeightDecay(0)));
    }

    private static long other(String name, BlockRole role, AdamSConfig optimizer) {
        ParameterBlock changed = new ParameterBlock(name, SECOND.range(), role, optimizer);
        return ParameterLayout.of(List.of(FIRST, changed)).fingerprint();
    }

    @ParameterizedTest
    @CsvSource({"-1, 4", "5, 4"})
    void shouldRefuseRangesThatRunBackwards(int start, int end) {
        var refused = assertThrows(IllegalArgumentException.class, () -> new IndexRange(start, end));
        assertEquals("range [" + start + ", " + end + ") (expected: 0 <= start <= end)", refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0,10, 5,20, 5,10", "0,10, 10,20, 0,0", "5,9, 0,100, 5,9", "5,9, 7,7, 5,5", "3,4, 0,2, 3,3"})
    void shouldIntersectRanges(int a, int b, int c, int d, int start, int end) {
        assertEquals(new IndexRange(start, end), new IndexRange(a, b).intersect(new IndexRange(c, d)));
    }
}
