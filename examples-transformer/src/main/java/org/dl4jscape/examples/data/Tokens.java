package org.dl4jscape.examples.data;

import java.io.Serializable;

/** A sequence of token ids, in memory or in a file. Thread-safe for reading. */
public interface Tokens extends Serializable {
    /** Number of tokens. */
    long length();

    /** One token's id, from 0 to the vocabulary's size - 1. */
    int at(long index);

    /** Of an array, which is not copied. */
    static Tokens of(int... ids) {
        return new Array(ids);
    }

    /** In memory. */
    final class Array implements Tokens {
        private static final long serialVersionUID = 1L;

        private final int[] ids;

        private Array(int[] ids) {
            this.ids = ids;
        }

        @Override
        public long length() {
            return ids.length;
        }

        @Override
        public int at(long index) {
            return ids[(int) index];
        }
    }
}
