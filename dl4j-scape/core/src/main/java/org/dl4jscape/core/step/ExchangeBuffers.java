package org.dl4jscape.core.step;

/** Packed values of one step, aligned with mask positions; grown when a larger mask comes, then used again. */
final class ExchangeBuffers {
    private float[] values = new float[0];
    private float[] means = new float[0];

    void ensureCapacity(int positions) {
        if (values.length < positions) {
            values = new float[positions];
            means = new float[positions];
        }
    }

    /** First the packed residual, then the parameters. */
    float[] parameters() {
        return values;
    }

    /** The packed residual before the reduce-scatter; the same memory as {@link #parameters}. */
    float[] packed() {
        return values;
    }

    /** The means of what the ranks sent. */
    float[] means() {
        return means;
    }
}
