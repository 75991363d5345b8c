package org.dl4jscape.core.pack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.dl4jscape.core.config.WirePrecision;

/**
 * Floats as little-endian bytes of one precision, and back.
 *
 * <p>Rounds to nearest, ties to even; overflow gives infinity, subnormals are kept, NaN stays NaN. Stateless, allocates
 * nothing, any thread.
 */
public final class ValueCodec {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final WirePrecision precision;

    private ValueCodec(WirePrecision precision) {
        this.precision = precision;
    }

    /** The codec of a precision. */
    public static ValueCodec of(WirePrecision precision) {
        return new ValueCodec(precision);
    }

    /** Bytes of one value. */
    public int bytes() {
        return precision.bytes();
    }

    /** Writes {@code source[from .. from + count)} to {@code target[at ...]}. */
    public void encode(float[] source, int from, int count, byte[] target, int at) {
        switch (precision) {
            case FP32 -> {
                for (int j = 0; j < count; j++) {
                    INTS.set(target, at + 4 * j, Float.floatToRawIntBits(source[from + j]));
                }
            }
            case BF16 -> {
                for (int j = 0; j < count; j++) {
                    SHORTS.set(target, at + 2 * j, toBf16(source[from + j]));
                }
            }
            case FP16 -> {
                for (int j = 0; j < count; j++) {
                    SHORTS.set(target, at + 2 * j, toFp16(source[from + j]));
                }
            }
        }
    }

    /** Reads {@code count} values from {@code source[at ...]} into {@code target[from ...]}. */
    public void decode(byte[] source, int at, int count, float[] target, int from) {
        switch (precision) {
            case FP32 -> {
                for (int j = 0; j < count; j++) {
                    target[from + j] = Float.intBitsToFloat((int) INTS.get(source, at + 4 * j));
                }
            }
            case BF16 -> {
                for (int j = 0; j < count; j++) {
                    target[from + j] = fromBf16((short) SHORTS.get(source, at + 2 * j));
                }
            }
            case FP16 -> {
                for (int j = 0; j < count; j++) {
                    target[from + j] = fromFp16((short) SHORTS.get(source, at + 2 * j));
                }
            }
        }
    }

    /** Writes {@code source[from .. from + count)} to the bytes from {@code at}; fp32 at the speed of a copy. */
    public void encode(float[] source, int from, int count, EncodedValues target, int at) {
        switch (precision) {
            case FP32 -> target.putFloats(at, source, from, count);
            case BF16 -> {
                for (int j = 0; j < count; j++) {
                    target.putShort(at + 2 * j, toBf16(source[from + j]));
                }
            }
            case FP16 -> {
                for (int j = 0; j < count; j++) {
                    target.putShort(at + 2 * j, toFp16(source[from + j]));
                }
            }
        }
    }

    /** Reads {@code count} values from the bytes from {@code at} into {@code target[from ...]}. */
    public void decode(EncodedValues source, int at, int count, float[] target, int from) {
        switch (precision) {
            case FP32 -> source.getFloats(at, target, from, count);
            case BF16 -> {
                for (int j = 0; j < count; j++) {
                    target[from + j] = fromBf16(source.getShort(at + 2 * j));
                }
            }
            case FP16 -> {
                for (int j = 0; j < count; j++) {
                    target[from + j] = fromFp16(source.getShort(at + 2 * j));
                }
            }
        }
    }

    /** Replaces values by what a receiver would decode. */
    public void round(float[] values, int from, int to) {
        if (precision == WirePrecision.FP32) {
            return;
        }
        for (int j = from; j < to; j++) {
            values[j] = precision == WirePrecision.BF16 ? fromBf16(toBf16(values[j])) : fromFp16(toFp16(values[j]));
        }
    }

    /** The nearest bfloat16, as bits. */
    public static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** The float that a bfloat16 stands for. */
    public static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest binary16, as bits. */
    public static short toFp16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x47800000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude >= 0x38800000) {
            int rebased = magnitude - 0x38000000;
            return (short) (sign | rebased + 0xfff + (rebased >>> 13 & 1) >>> 13);
        }
        if (magnitude < 0x33000000) {
            return (short) sign;
        }
        int shift = 126 - (magnitude >>> 23);
        int mantissa = magnitude & 0x7fffff | 0x800000;
        int half = 1 << shift - 1;
        return (short) (sign | mantissa + half - 1 + (mantissa >>> shift & 1) >>> shift);
    }

    /** The float that a binary16 stands for. */
    public static float fromFp16(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
        }
        if (exponent == 0) {
            float magnitude = mantissa * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | exponent + 112 << 23 | mantissa << 13);
    }
}
