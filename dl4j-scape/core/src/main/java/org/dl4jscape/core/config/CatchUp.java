package org.dl4jscape.core.config;

import java.util.Locale;

/**
 * What a coordinate is given for the updates that it missed while it was not sent.
 *
 * <p>Sources: {@code NONE} is the paper's reading [I]; {@code CAPPED} and {@code CLOSED_FORM} are ours [O] (site, The
 * algorithm).
 *
 * @param kind the rule
 * @param cap largest multiple of one update, at least 1; read by {@link Kind#CAPPED} only, otherwise 1
 */
public record CatchUp(Kind kind, int cap) {
    /** Cap where the user names none. */
    public static final int CAP_DEFAULT = 32;

    /** The three rules. */
    public enum Kind {
        /** One plain update, as if nothing had been missed. */
        NONE,
        /** One update times the number of missed steps, at most the cap. */
        CAPPED,
        /** The missed updates summed in closed form, under a constant mean gradient. */
        CLOSED_FORM
    }

    /** Checks the cap. */
    public CatchUp {
        if (cap < 1) {
            throw new IllegalArgumentException(
                    "catchUpCap=" + cap + " (expected: >= 1); 1 is the same as catch-up none");
        }
        if (kind != Kind.CAPPED && cap != 1) {
            throw new IllegalArgumentException(
                    "catchUpCap=" + cap + " with catch-up " + kind + " (expected: no cap); use capped(" + cap + ")");
        }
    }

    /** One plain update, whatever was missed. */
    public static CatchUp none() {
        return new CatchUp(Kind.NONE, 1);
    }

    /** One update times min(missed steps, cap). */
    public static CatchUp capped(int cap) {
        return new CatchUp(Kind.CAPPED, cap);
    }

    /** The missed updates in closed form: the default. */
    public static CatchUp closedForm() {
        return new CatchUp(Kind.CLOSED_FORM, 1);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "none";
            case CAPPED -> "capped(" + cap + ")";
            case CLOSED_FORM -> kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }
}
