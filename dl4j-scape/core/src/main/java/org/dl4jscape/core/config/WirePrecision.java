package org.dl4jscape.core.config;

/** Number format of packed values on the wire. */
public enum WirePrecision {
    /** IEEE 754 binary32: exact. */
    FP32(4, Float.MAX_VALUE),
    /** bfloat16: 8 bits of precision, the range of fp32. */
    BF16(2, 0x1.FEp127f),
    /** IEEE 754 binary16: 11 bits of precision, at most 65504. */
    FP16(2, 65504f);

    private final int bytes;
    private final float largest;

    WirePrecision(int bytes, float largest) {
        this.bytes = bytes;
        this.largest = largest;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** The largest finite value. */
    public float largest() {
        return largest;
    }
}
