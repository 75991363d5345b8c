package org.dl4jscape.core.config;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DensityScheduleTest {
    private static final DensitySchedule STAGES =
            DensitySchedule.constant(0.25, 10).then(20, 0.1).then(40, 0.01).then(60, 1);

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "10, 1",
        "11, 0.25",
        "19, 0.25",
        "20, 0.1",
        "39, 0.1",
        "40, 0.01",
        "59, 0.01",
        "60, 1",
        "1000000, 1"
    })
    void shouldBeDenseFirstThenFollowItsStages(long step, double density) {
        assertEquals(density, STAGES.densityAt(step));
    }

    @Test
    void shouldKnowItsLastDensityAndWarmup() {
        assertEquals(1, STAGES.finalDensity());
        assertEquals(10, STAGES.warmupSteps());
        assertEquals(4, STAGES.phases().size());
        assertEquals(0.01, DensitySchedule.constant(0.01, 5).finalDensity());
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 59, 0, -4})
    void shouldRefuseAStageThatDoesNotComeLater(int step) {
        var refused = assertThrows(IllegalArgumentException.class, () -> STAGES.then(step, 0.5));
        assertEquals("fromStep=" + step + " (expected: > 60, the step of the density before it)", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseADensityOutsideItsRange(double density) {
        assertThrows(IllegalArgumentException.class, () -> STAGES.then(70, density));
    }

    @Test
    void shouldBeEqualWhereEveryStageIs() {
        DensitySchedule same =
                DensitySchedule.constant(0.25, 10).then(20, 0.1).then(40, 0.01).then(60, 1);
        assertEquals(STAGES, same);
        assertEquals(STAGES.hashCode(), same.hashCode());
        assertNotEquals(STAGES, DensitySchedule.constant(0.25, 10));
        assertNotEquals(DensitySchedule.constant(0.25, 10), DensitySchedule.constant(0.25, 11));
        assertEquals(
                "dense to step 10, 0.25 from step 11, 0.1 from step 20, 0.01 from step 40, 1.0 from step 60",
                STAGES.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 0",
        "1, 0, 0",
        "0.01, 1, 1",
        "0.01, 49, 1",
        "0.01, 150, 2",
        "0.5, 3, 2",
        "0.5, 5, 3",
        "0.1, 4, 1",
        "1, 7, 7",
        "0.999, 7, 7",
        "0.01, 2147483647, 21474836"
    })
    void shouldRoundTheCountHalfUpButKeepOne(double density, int n, int count) {
        assertEquals(count, DensitySchedule.count(density, n));
    }

    @Test
    void shouldKeepBetweenOneAndAllAndNeverFewerOfMore() {
        qt().forAll(doubles().between(1e-9, 1), integers().between(1, 1 << 24)).check((density, n) -> {
            int count = DensitySchedule.count(density, n);
            BigDecimal product = BigDecimal.valueOf(density).multiply(BigDecimal.valueOf(n));
            int rounded = product.setScale(0, RoundingMode.HALF_UP).intValueExact();
            boolean close = Math.abs(count - Math.max(1, rounded)) <= (nearHalf(product) ? 1 : 0);
            return close && count >= 1 && count <= n && DensitySchedule.count(density, n + 1) >= count;
        });
    }

    /** Where the exact product is so near a half that its rounding to double may decide. */
    private static boolean nearHalf(BigDecimal product) {
        double fraction =
                product.subtract(product.setScale(0, RoundingMode.FLOOR)).doubleValue();
        return Math.abs(fraction - 0.5) < 1e-6;
    }
}
