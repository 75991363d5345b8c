package org.dl4jscape.core.compute;

/**
 * Guesses where the next cut between selected and left-out magnitudes will be: a little below the last one. "A little" is
 * twice the last fall of the cut, is halved while the guess lets many candidates pass, and doubled when it let too few.
 */
final class CutHint {
    private static final int OCTAVE = 1 << 23;
    private static final int NARROWEST = OCTAVE / 4096;

    private int cut;
    private int margin = OCTAVE / 16;

    /** Smallest key that is worth keeping; at 0 nothing is known. */
    int guess() {
        return Math.max(0, cut - margin);
    }

    /** Begins with a guess from elsewhere; 0: with none. */
    void startAt(int key) {
        cut = key == 0 ? 0 : key + margin;
    }

    /** The guess was too high: fewer than k passed. */
    void tooFewPassed() {
        margin = Math.min(OCTAVE, 2 * margin);
    }

    /** The guess was so low that what passed did not fit. */
    void tooManyPassed() {
        margin = Math.max(NARROWEST, margin / 2);
    }

    /** The cut was found; {@code candidates} keys were at or above the guess. */
    void found(int cutKey, int candidates, int k) {
        int fall = cut - cutKey;
        if (fall <= 0 && candidates > k + k / 4 + 64) {
            margin /= 2;
        } else if (fall > 0 && fall < OCTAVE && 2 * fall > margin) {
            margin = 2 * fall;
        } else if (fall > 0 && candidates > k + k / 4 + 64) {
            margin = Math.max(2 * fall, margin / 2);
        }
        margin = Math.max(NARROWEST, margin);
        cut = cutKey;
    }
}
