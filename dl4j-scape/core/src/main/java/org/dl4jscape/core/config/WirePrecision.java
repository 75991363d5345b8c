package org.dl4jscape.core.config;

/** Number format of packed values on the wire. */
public enum WirePrecision {
    /** IEEE 754 binary32: exact. */
    FP32(4),
    /** bfloat16: 8 bits of precision, the range of fp32. */
    BF16(2),
    /** IEEE 754 binary16: 11 bits of precision, at most 65504. */
    FP16(2);

    private final int bytes;

    WirePrecision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }
}
