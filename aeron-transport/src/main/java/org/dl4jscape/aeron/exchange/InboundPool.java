package org.dl4jscape.aeron.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * Contributions of one peer that the training thread gave back, for the next ones.
 *
 * <p>The smallest that is large enough is taken, else the largest is made larger: so that a small contribution does not
 * take the memory of a large one, and a training that repeats itself stops allocating after its first steps. A buffer of
 * more than 1 MiB of which a sixteenth would have done for the last {@value #KEPT_TAKES} contributions is given up: after
 * a dense warm-up the large buffers are of no use. Confined to the exchange thread.
 */
final class InboundPool {
    static final int KEPT_TAKES = 256;
    private static final int SMALL_BYTES = 1024 * 1024;

    private final List<Inbound> spare = new ArrayList<>();
    private final int chunkLength;
    private long takes;

    InboundPool(int chunkLength) {
        this.chunkLength = chunkLength;
    }

    /** One to hold {@code length} bytes. */
    Inbound take(int length) {
        takes++;
        int found = -1;
        for (int i = spare.size() - 1; i >= 0; i--) {
            if (isUseless(spare.get(i))) {
                removeAt(i);
                found = found == spare.size() ? i : found;
            } else if (found < 0 || isBetter(spare.get(i).bytes.length, spare.get(found).bytes.length, length)) {
                found = i;
            }
        }
        Inbound inbound = found < 0 ? new Inbound(chunkLength) : removeAt(found);
        if (length >= inbound.bytes.length / 16) {
            inbound.lastNeeded = takes;
        }
        return inbound;
    }

    void giveBack(Inbound inbound) {
        spare.add(inbound);
    }

    private boolean isUseless(Inbound inbound) {
        return inbound.bytes.length > SMALL_BYTES && takes - inbound.lastNeeded > KEPT_TAKES;
    }

    private static boolean isBetter(int candidate, int best, int length) {
        if (candidate >= length) {
            return best < length || candidate < best;
        }
        return candidate > best;
    }

    /** Without moving the others: their order does not matter. */
    private Inbound removeAt(int index) {
        Inbound last = spare.remove(spare.size() - 1);
        return index == spare.size() ? last : spare.set(index, last);
    }
}
