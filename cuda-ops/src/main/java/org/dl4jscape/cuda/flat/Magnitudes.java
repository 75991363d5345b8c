package org.dl4jscape.cuda.flat;

/** Values whose magnitudes compete, numbered from 0; they may be computed while they are read. */
interface Magnitudes {
    /** Number of values. */
    int length();

    /** Writes {@code count} values, from number {@code first} on, to {@code into[0 ...]}. */
    void read(int first, int count, float[] into);

    /** Index that stands for a value in the selection; ascends with the number. */
    int index(int number);
}
