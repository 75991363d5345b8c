package org.dl4jscape.aeron.exchange;

import org.dl4jscape.aeron.wire.Content;
import org.dl4jscape.core.exchange.PayloadKind;

/** The kinds of the port and their numbers on the wire. */
final class PayloadKinds {
    private PayloadKinds() {}

    static Content content(PayloadKind kind) {
        return switch (kind) {
            case VALUES -> Content.VALUES;
            case MASK -> Content.MASK;
            case CONTROL -> Content.CONTROL;
        };
    }

    static PayloadKind of(Content content) {
        return switch (content) {
            case VALUES -> PayloadKind.VALUES;
            case MASK -> PayloadKind.MASK;
            case CONTROL, NULL_VAL -> PayloadKind.CONTROL;
        };
    }
}
