package org.dl4jscape.core.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.stream.IntStream;

/** Inputs that bring out what kernels get wrong: lengths around tiles, floats of every class, buffers of every kind. */
final class KernelInputs {
    /** Values around a range, which no kernel may touch. */
    static final int GUARD = 37;

    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        0x1.fffffcp-127f,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        1f,
        -1f,
        0x1.000002p0f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(0xffc00123),
        Float.intBitsToFloat(0x7f800001)
    };

    private KernelInputs() {}

    /** How the values of an array are spread. */
    enum Spread {
        /** Normally distributed. */
        NORMAL,
        /** Normal values and, at every seventh place, a zero, a denormal, a largest, an infinite or a NaN value. */
        SPECIAL_VALUES,
        /** Seven different magnitudes only, of both signs: ties everywhere. */
        TIES,
        /** One magnitude, both signs. */
        ALL_EQUAL,
        /** Zeros of both signs. */
        ZEROS,
        /** One binade: equal sign and exponent. */
        EQUAL_EXPONENT,
        /** The upper 24 bits are equal. */
        EQUAL_LEADING_BITS,
        /** Denormal values only. */
        DENORMAL,
        /** Nothing but infinities and NaN. */
        NOT_FINITE,
        /** Every exponent there is. */
        WIDE;

        float value(Random random, int i) {
            float sign = random.nextBoolean() ? 1 : -1;
            return switch (this) {
                case NORMAL -> (float) random.nextGaussian();
                case SPECIAL_VALUES ->
                    i % 7 == 3 ? SPECIAL[random.nextInt(SPECIAL.length)] : (float) random.nextGaussian();
                case TIES -> sign * (1 + random.nextInt(7));
                case ALL_EQUAL -> sign * 2.5f;
                case ZEROS -> sign * 0f;
                case EQUAL_EXPONENT -> sign * (1 + random.nextInt(1 << 23) * 0x1p-23f);
                case EQUAL_LEADING_BITS -> Float.intBitsToFloat(0x3f801200 | random.nextInt(256));
                case DENORMAL -> sign * Float.intBitsToFloat(random.nextInt(1 << 23));
                case NOT_FINITE -> random.nextInt(3) == 0 ? Float.NaN : sign * Float.POSITIVE_INFINITY;
                case WIDE -> sign * Float.intBitsToFloat(random.nextInt(0x7f800000));
            };
        }

        float[] array(long seed, int length) {
            Random random = new Random(seed);
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = value(random, i);
            }
            return values;
        }
    }

    /** What a model's view may look like; all hold the same values at the same absolute positions. */
    enum BufferKind {
        HEAP,
        HEAP_SLICE,
        HEAP_POSITIONED,
        DIRECT,
        DIRECT_SLICE,
        DIRECT_POSITIONED;

        FloatBuffer of(float[] values) {
            return switch (this) {
                case HEAP -> FloatBuffer.wrap(values.clone());
                case HEAP_SLICE ->
                    FloatBuffer.allocate(values.length + 11)
                            .slice(5, values.length)
                            .put(0, values);
                case HEAP_POSITIONED -> FloatBuffer.wrap(values.clone()).position(values.length / 2);
                case DIRECT -> direct(values.length).put(0, values);
                case DIRECT_SLICE ->
                    direct(values.length + 11).slice(5, values.length).put(0, values);
                case DIRECT_POSITIONED ->
                    direct(values.length + 3)
                            .put(0, values)
                            .limit(values.length)
                            .position(values.length);
            };
        }

        private static FloatBuffer direct(int length) {
            return ByteBuffer.allocateDirect(4 * length)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }

    /** All values, whatever position and limit are. */
    static float[] contents(FloatBuffer buffer, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = buffer.get(i);
        }
        return values;
    }

    /** Ascending indices below {@code domain}, about one in {@code every}. */
    static int[] mask(long seed, int domain, int every) {
        Random random = new Random(seed);
        return IntStream.range(0, domain)
                .filter(i -> random.nextInt(every) == 0)
                .toArray();
    }
}
