package org.dl4jscape.examples.model;

/**
 * How many rows the layers work on.
 *
 * @param batch windows
 * @param time tokens of each
 */
record Rows(int batch, int time) {
    int count() {
        return batch * time;
    }

    /** An array of this length: the given one, where it fits. */
    static float[] sized(float[] buffer, int length) {
        return buffer.length == length ? buffer : new float[length];
    }
}
