package org.dl4jscape.aeron.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FrameSealTest {
    private static final DerivedKeys KEYS = SharedSecret.of(
                    new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "test")
            .keys(new byte[32]);

    private final byte[] message = {0, 1, 2, 3, 4, 5, 6, 7};
    private final byte[] tag = new byte[FrameSeal.TAG_LENGTH];

    @Test
    void shouldAcceptWhatTheOtherSideSealed() {
        KEYS.seal("a").seal(7, message, 1, 5, tag, 0);
        assertTrue(KEYS.seal("a").isSealed(7, message, 1, 5, tag, 0));
        assertEquals(KEYS.seal("a").shortTag(7, message, 1, 5), KEYS.seal("a").shortTag(7, message, 1, 5));
    }

    @Test
    void shouldRefuseAnyOtherMessagePlaceKeyOrTag() {
        FrameSeal seal = KEYS.seal("a");
        seal.seal(7, message, 0, 8, tag, 0);
        long first = seal.shortTag(7, message, 0, 8);
        assertFalse(seal.isSealed(8, message, 0, 8, tag, 0));
        assertFalse(seal.isSealed(7, message, 0, 7, tag, 0));
        assertFalse(KEYS.seal("b").isSealed(7, message, 0, 8, tag, 0));
        assertNotEquals(first, seal.shortTag(8, message, 0, 8));
        for (int bit = 0; bit < Byte.SIZE * message.length; bit++) {
            message[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(seal.isSealed(7, message, 0, 8, tag, 0), "bit " + bit);
            assertNotEquals(first, seal.shortTag(7, message, 0, 8), "bit " + bit);
            message[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
        for (int bit = 0; bit < Byte.SIZE * tag.length; bit++) {
            tag[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(seal.isSealed(7, message, 0, 8, tag, 0), "bit " + bit);
            tag[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
        assertTrue(seal.isSealed(7, message, 0, 8, tag, 0));
    }
}
