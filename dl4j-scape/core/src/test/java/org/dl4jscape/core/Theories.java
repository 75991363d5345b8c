package org.dl4jscape.core;

import org.quicktheories.QuickTheory;

/** Where property tests begin: the same examples in every build; a failure prints the seed and the smallest counterexample. */
public final class Theories {
    private static final long SEED = 20_260_701;

    private Theories() {}

    /** A theory over some hundred examples. */
    public static QuickTheory qt() {
        return QuickTheory.qt().withFixedSeed(SEED).withExamples(300).withShrinkCycles(200);
    }
}
