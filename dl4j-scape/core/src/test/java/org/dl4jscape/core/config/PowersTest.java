package org.dl4jscape.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowersTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9, 0.99, 0.999, 1})
    void shouldAgreeWithTheStrictPower(double base) {
        for (int exponent = 0; exponent < 3000; exponent++) {
            double expected = StrictMath.pow(base, exponent);
            assertEquals(expected, Powers.of(base, exponent), exponent * 0x1p-52 * expected, base + "^" + exponent);
        }
        assertEquals(StrictMath.pow(base, Integer.MAX_VALUE), Powers.of(base, Integer.MAX_VALUE));
    }
}
