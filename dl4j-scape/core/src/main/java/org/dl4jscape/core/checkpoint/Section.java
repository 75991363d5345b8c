package org.dl4jscape.core.checkpoint;

/** The sections of format 1, in file order; the tag is frozen with the format. */
enum Section {
    END(0),
    IDENTITY(1),
    ATTRIBUTES(2),
    PARAMETERS(3),
    RESIDUAL(4),
    MOMENT(5),
    LAST_SENT(6),
    NOISE(7),
    MASTER(8),
    SENT_STEPS(9),
    MASK_OFFSETS(10),
    MASK_INDICES(11),
    MASK_NOISE(12);

    static final int IDENTITY_BYTES = 40;

    private final int tag;

    Section(int tag) {
        this.tag = tag;
    }

    int tag() {
        return tag;
    }
}
