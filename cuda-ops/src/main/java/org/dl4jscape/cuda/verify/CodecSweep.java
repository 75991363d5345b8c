package org.dl4jscape.cuda.verify;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.pack.ValueCodec;
import org.dl4jscape.cuda.CudaValueCodec;
import org.dl4jscape.cuda.driver.CudaDevice;

/** Every 16-bit value both ways, and floats of every kind, against the codec of the core. */
final class CodecSweep {
    private static final int ALL = 1 << 16;

    private CodecSweep() {}

    /** What differed, a line each. */
    static List<String> run(CudaDevice device, WirePrecision precision, long seed) {
        CudaValueCodec codec = new CudaValueCodec(device, precision);
        List<String> findings = new ArrayList<>();
        short[] narrow = new short[ALL];
        for (int i = 0; i < ALL; i++) {
            narrow[i] = (short) i;
        }
        float[] wide = new float[ALL];
        codec.decode(narrow, wide);
        for (int i = 0; i < ALL && findings.isEmpty(); i++) {
            float expected =
                    precision == WirePrecision.BF16 ? ValueCodec.fromBf16(narrow[i]) : ValueCodec.fromFp16(narrow[i]);
            if (Float.floatToIntBits(expected) != Float.floatToIntBits(wide[i])) {
                findings.add(precision + " decode of bits " + i + ": " + wide[i] + " instead of " + expected);
            }
        }
        for (SweepValues values : SweepValues.values()) {
            encode(codec, precision, values.draw(seed, ALL), findings);
        }
        // Halfway between two neighbours, where rounding to even decides, and one bit beside it.
        float[] halves = new float[ALL];
        for (int i = 0; i < ALL; i++) {
            int bits = precision == WirePrecision.BF16 ? i << 16 | 0x8000 : 0x33000000 + (i << 12);
            halves[i] = Float.intBitsToFloat(bits + i % 3 - 1);
        }
        encode(codec, precision, halves, findings);
        return findings;
    }

    private static void encode(CudaValueCodec codec, WirePrecision precision, float[] values, List<String> findings) {
        short[] narrow = new short[values.length];
        codec.encode(values, narrow);
        for (int i = 0; i < values.length; i++) {
            short expected =
                    precision == WirePrecision.BF16 ? ValueCodec.toBf16(values[i]) : ValueCodec.toFp16(values[i]);
            if (expected != narrow[i]) {
                findings.add(precision + " encode of " + values[i] + ": bits " + Integer.toHexString(narrow[i] & 0xffff)
                        + " instead of " + Integer.toHexString(expected & 0xffff));
                return;
            }
        }
    }
}
